"""Runs on the phone's side: sends raw requests of HTTP and returns what comes back, as JSON."""

import json
import socket
import sys


def ask(address: str, port: int, one: dict) -> dict:
    try:
        with socket.create_connection((address, port), timeout=5) as line:
            line.sendall(one["raw"].encode("latin-1"))
            data = b""
            while len(data) < 100_000 and (part := line.recv(65536)):
                data += part
    except TimeoutError:
        return {"status": 0 if not data else status_of(data), "body": data.decode("latin-1")}
    except OSError as error:
        return {"status": -1, "body": str(error)}
    return {"status": status_of(data), "body": data.decode("latin-1")}


def status_of(data: bytes) -> int:
    parts = data.split(b" ", 2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0


if __name__ == "__main__":
    answers = [ask(sys.argv[1], int(sys.argv[2]), one) for one in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(answers))
