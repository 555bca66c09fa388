#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check a file of the ledger with none of our code: hashlib, and openssl for Ed25519.

    check_ledger.py KEY FILE [ENVELOPE]

KEY is what "madoguchictl ledger key" prints. Exit status 0: all is as it was signed.
Written from RFC 6962, c2sp.org/signed-note, tlog-checkpoint and tlog-proof, recursively.
"""
import base64
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile

SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")  # RFC 8410


class Wrong(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Wrong(what)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def node(left, right):
    return sha256(b"\x01", left, right)


def b64(text):
    return base64.b64decode(text, validate=True)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def tree(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(tree(leaves[:k]), tree(leaves[k:]))


def root_of_path(leaf, place, size, path):
    """RFC 6962 2.1.1 read backwards: the last hash is the root's child."""
    need(0 <= place < size, "place")
    if size == 1:
        need(not path, "a hash too many")
        return leaf
    need(path, "a hash is missing")
    k = split(size)
    if place < k:
        return node(root_of_path(leaf, place, k, path[:-1]), path[-1])
    return node(path[-1], root_of_path(leaf, place - k, size - k, path[:-1]))


def roots_of_subproof(old, size, known, path, old_root):
    """RFC 6962 2.1.2 read backwards: root of the old tree and of the new one."""
    if old == size:
        if known:
            need(not path, "a hash too many")
            return old_root, old_root
        need(len(path) == 1, "number of hashes")
        return path[0], path[0]
    need(path, "a hash is missing")
    k = split(size)
    if old <= k:
        was, now = roots_of_subproof(old, k, known, path[:-1], old_root)
        return was, node(now, path[-1])
    was, now = roots_of_subproof(old - k, size - k, False, path[:-1], old_root)
    return node(path[-1], was), node(path[-1], now)


def ed25519(public, message, signature):
    with tempfile.NamedTemporaryFile() as k, tempfile.NamedTemporaryFile() as m, \
            tempfile.NamedTemporaryFile() as s:
        for file, data in ((k, SPKI_ED25519 + public), (m, message), (s, signature)):
            file.write(data)
            file.flush()
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey",
             k.name, "-in", m.name, "-sigfile", s.name],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def checkpoint(note, key):
    name, key_id, data = key.split("+", 2)
    data = b64(data)
    need(data[0] == 1 and len(data) == 33, "key")
    need(sha256(name.encode(), b"\n", data)[:4].hex() == key_id, "key id")
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    signed = False
    for line in lines.splitlines():
        dash, who, signature = line.split(" ")
        need(dash == "—", "signature line")
        signature = b64(signature)
        if who == name and signature[:4].hex() == key_id:
            need(ed25519(data[1:], text.encode(), signature[4:]), "signature")
            signed = True
    need(signed, "not signed")
    origin, size, root = text.splitlines()[:3]
    need(origin == name and str(int(size)) == size, "checkpoint")
    return int(size), b64(root)


def leaf_of_opening(words):
    number, uuid, payload, evidence, salt = words
    text = f"{number}\n{uuid}\n".encode() + bytes.fromhex(payload) + bytes.fromhex(evidence)
    return sha256(b"\x00", hmac.new(bytes.fromhex(salt), text, "sha256").digest())


def leaf_of_envelope(path):
    with open(path, encoding="utf-8") as file:
        e = json.load(file)
    digest = {name: sha256(e[name].encode()).hex() for name in ("payload", "evidence")}
    return leaf_of_opening([e["number"], e["uuid"], digest["payload"], digest["evidence"],
                            e["salt"]])


def check_inclusion(lines, size, root, envelope):
    leaf = leaf_of_envelope(envelope) if envelope else None
    if lines[0].startswith("extra "):
        opened = leaf_of_opening(b64(lines.pop(0)[6:]).decode().split(" "))
        need(leaf in (None, opened), "another request")
        leaf = opened
    need(leaf, "erased: the envelope is needed")
    need(lines[0].startswith("index "), "index")
    path = [b64(line) for line in lines[1:]]
    need(root_of_path(leaf, int(lines[0][6:]), size, path) == root, "not in the tree")


def check_consistency(lines, size, root):
    word, old, old_root = lines[0].split(" ")
    old, old_root, path = int(old), b64(old_root), [b64(line) for line in lines[1:]]
    need(word == "old" and 0 <= old <= size, "sizes")
    if old == 0:
        need(old_root == sha256(b"") and not path, "empty tree")
        return
    need(roots_of_subproof(old, size, True, path, old_root) == (old_root, root), "did not grow")


def check_whole(lines, size, root):
    leaves = []
    for line in lines:
        words = line.split(" ")
        if words[0] == "open":
            need(leaves[int(words[1])] == leaf_of_opening(words[2:]), f"leaf {words[1]}")
            continue
        need(int(words[0]) == len(leaves), "order")
        need(sha256(" ".join(words[:2]).encode())[:4].hex() == words[2], f"leaf {words[0]}")
        leaves.append(b64(words[1]))
    need(len(leaves) == size and tree(leaves) == root, "root")


def check(key, text, envelope=None):
    head = text.split("\n", 1)[0]
    if "@" not in head:
        checkpoint(text, key)
        return
    body, _, note = text.partition("\n\n")
    size, root = checkpoint(note, key)
    lines = body.split("\n")[1:]
    if head == "c2sp.org/tlog-proof@v1":
        check_inclusion(lines, size, root, envelope)
    elif head == "madoguchi-consistency@v1":
        check_consistency(lines, size, root)
    else:
        need(head == "madoguchi-ledger@v1", "kind of file")
        check_whole(lines, size, root)


def main():
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        text = file.read()
    try:
        check(sys.argv[1], text, *sys.argv[3:4])
    except (Wrong, ValueError, IndexError, KeyError) as error:
        sys.exit(f"{sys.argv[2]}: {error}")


if __name__ == "__main__":
    main()
