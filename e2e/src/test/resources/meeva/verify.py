"""python3 verify.py SECRET SIGNATURE BODY-FILE: exit 0 = genuine. Meeva's published verification."""
import hashlib
import hmac
import pathlib
import sys


def verify_signature(payload, signature, secret):
    expected = hmac.new(secret.encode("utf-8"), payload, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature, f"sha256={expected}")


secret, signature, file = sys.argv[1:]
sys.exit(0 if verify_signature(pathlib.Path(file).read_bytes(), signature, secret) else 1)
