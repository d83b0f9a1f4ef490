"""A small IMAP4rev1 server (RFC 3501) for one user with one folder: as much of it as reading a mailbox needs."""

import re
import socket
import threading
from typing import Any

CAPABILITIES = "IMAP4rev1"


class ImapServer:
    """Mails by UID, each with its flags. `takes_keywords=False`: a server that stores no marks of its clients."""

    def __init__(self, *, takes_keywords: bool = True) -> None:
        self.takes_keywords = takes_keywords
        self.mails: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.commands: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"imap://user%40example.nl:pass%20word@127.0.0.1:{self._listener.getsockname()[1]}/INBOX"
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> "ImapServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def add(self, mail: bytes) -> int:
        """Puts a mail in the folder; its UID."""
        uid = max(self.mails, default=100) + 1
        self.mails[uid] = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self.flags[uid] = set()
        return uid

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=_Session(self, connection).serve, daemon=True).start()


class _Session:
    def __init__(self, server: ImapServer, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        self.wire: Any = connection.makefile("rwb")
        self.state = "not authenticated"

    def serve(self) -> None:
        with self.connection:
            self.say("* OK ready")
            while line := self.wire.readline():
                tag, _, rest = line.decode().rstrip("\r\n").partition(" ")
                self.server.commands.append(rest.split(" ")[0].upper() if not rest.startswith("LOGIN") else "LOGIN")
                self.say(f"{tag} {self.answer(rest)}")
                if self.state == "logout":
                    return

    def say(self, text: str) -> None:
        self.wire.write(text.encode() + b"\r\n")
        self.wire.flush()

    def answer(self, command: str) -> str:
        word, _, rest = command.partition(" ")
        word = word.upper()
        if word == "CAPABILITY":
            self.say(f"* CAPABILITY {CAPABILITIES}")
            return "OK done"
        if word == "LOGOUT":
            self.state = "logout"
            self.say("* BYE")
            return "OK bye"
        if word == "LOGIN":
            given = [quoted or atom for quoted, atom in re.findall(r'"([^"]*)"|(\S+)', rest)]
            if given != ["user@example.nl", "pass word"]:
                return "NO [AUTHENTICATIONFAILED] wrong"
            self.state = "authenticated"
            return "OK welcome"
        if self.state == "not authenticated":
            return "BAD log in first"
        if word == "SELECT":
            if rest.strip('"') != "INBOX":
                return "NO there is no such folder"
            self.state = "selected"
            self.say(f"* {len(self.server.mails)} EXISTS")
            return "OK [READ-WRITE] selected"
        if self.state != "selected":
            return "BAD select first"
        return self._in_folder(word, rest)

    def _in_folder(self, word: str, rest: str) -> str:
        server = self.server
        if word == "EXPUNGE":
            for uid in [uid for uid in server.mails if "\\Deleted" in server.flags[uid]]:
                self.say(f"* {sorted(server.mails).index(uid) + 1} EXPUNGE")
                del server.mails[uid], server.flags[uid]
            return "OK expunged"
        if word != "UID":
            return "BAD unknown"
        kind, _, rest = rest.partition(" ")
        if kind.upper() == "SEARCH":
            wanted = re.fullmatch(r"UNDELETED UNKEYWORD (\S+)", rest)
            if wanted is None:
                return "BAD search"
            found = [uid for uid in sorted(server.mails) if not server.flags[uid] & {"\\Deleted", wanted[1]}]
            self.say("* SEARCH" + "".join(f" {uid}" for uid in found))
            return "OK searched"
        number, _, rest = rest.partition(" ")
        uid = int(number)
        if uid not in server.mails:
            return "OK nothing"
        return self._fetch(uid, rest) if kind.upper() == "FETCH" else self._store(uid, rest)

    def _fetch(self, uid: int, items: str) -> str:
        part = re.fullmatch(r"\(BODY\.PEEK\[\]<0\.(\d+)>\)", items)
        if part is None:
            return "BAD fetch"
        content = self.server.mails[uid][: int(part[1])]
        number = sorted(self.server.mails).index(uid) + 1
        self.wire.write(f"* {number} FETCH (UID {uid} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n")
        return "OK fetched"

    def _store(self, uid: int, rest: str) -> str:
        change = re.fullmatch(r"\+FLAGS\.SILENT \((\S+)\)", rest)
        if change is None:
            return "BAD store"
        if not change[1].startswith("\\") and not self.server.takes_keywords:
            return "NO keywords are not kept here"
        self.server.flags[uid].add(change[1])
        return "OK stored"
