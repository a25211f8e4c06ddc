# python3 run.py SNIPPET CASES: a line "name verified new" for each case.
import base64
import runpy
import sys

snippet = runpy.run_path(sys.argv[1])
for line in open(sys.argv[2]):
    name, *cells = line.rstrip("\n").split("\t")
    values = [None if cell == "-" else base64.b64decode(cell) for cell in cells]
    names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
    headers = {n: v.decode() for n, v in zip(names, values) if v is not None}
    verified = snippet["verify"](headers, values[3], values[4].decode(), int(values[5]))
    new = verified and snippet["is_new"](headers["webhook-id"])
    print(name, str(verified).lower(), str(new).lower())
