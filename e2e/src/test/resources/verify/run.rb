# ruby run.rb SNIPPET CASES: a line "name verified new" for each case.
load ARGV[0]

File.foreach(ARGV[1], chomp: true) do |line|
  name, *cells = line.split("\t")
  id, time, signature, body, secret, now = cells.map { |cell| cell == "-" ? nil : cell.unpack1("m") }
  headers = { "webhook-id" => id, "webhook-timestamp" => time, "webhook-signature" => signature }.compact
  verified = verify(headers, body, secret, now.to_i)
  puts "#{name} #{verified} #{verified && new?(headers["webhook-id"])}"
end
