using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

// Run.exe CASES: a line "name verified new" for each case.
public static class Run
{
    public static void Main(string[] args)
    {
        string[] names = { "", "webhook-id", "webhook-timestamp", "webhook-signature" };
        foreach (string line in File.ReadAllLines(args[0]))
        {
            string[] cells = line.Split('\t');
            var headers = new Dictionary<string, string>();
            for (int i = 1; i < names.Length; i++)
                if (cells[i] != "-") headers[names[i]] = Text(cells[i]);
            byte[] body = Convert.FromBase64String(cells[4]);
            bool verified = Webhooks.Verify(headers, body, Text(cells[5]), long.Parse(Text(cells[6])));
            bool isNew = verified && Webhooks.IsNew(headers["webhook-id"]);
            Console.WriteLine(cells[0] + " " + (verified ? "true" : "false") + " " + (isNew ? "true" : "false"));
        }
    }

    private static string Text(string cell)
    {
        return Encoding.UTF8.GetString(Convert.FromBase64String(cell));
    }
}
