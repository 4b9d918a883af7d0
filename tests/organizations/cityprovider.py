"""A small OpenID Connect provider: discovery, authorisation code with PKCE, token, profile."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "portal", "the-portals-own-secret"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Who is signed in there, and what was asked of it; ``fault`` spoils an answer."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "s-1", "preferred_username": "li"}
        self.userinfo: dict[str, Any] | None = None
        self.issued: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.fault = ""
        self.issuer = ""

    def discovery(self) -> dict[str, Any]:
        """Where everything is."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorise(self, asked: dict[str, str]) -> str:
        """The address the browser is led back to; the person agrees at once, or turns back."""
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        if self.fault == "cancelled":
            given = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.issued[code] = asked
            given = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(given)}"

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The code for a token: once, to the client that has the secret and began."""
        begun = self.issued.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            begun is None
            or (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET)
            or begun["code_challenge"] != challenge
            or begun["redirect_uri"] != asked.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        times = {"iat": now, "exp": now + 60}
        audience = "another" if self.fault == "audience" else CLIENT
        claims = {**self.claims, **times, "iss": self.issuer, "aud": audience}
        return 200, {
            "access_token": "access-1",
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"}),
        }


@contextmanager
def city_provider() -> Iterator[Provider]:
    """A provider that listens on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, content: dict[str, Any], **headers: str) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            provider.asked.append(asked.path)
            if asked.path == "/.well-known/openid-configuration":
                self.answer(200, provider.discovery())
            elif asked.path == "/authorize":
                self.answer(302, {}, Location=provider.authorise(dict(parse_qsl(asked.query))))
            elif asked.path == "/userinfo" and self.headers["Authorization"] == "Bearer access-1":
                self.answer(200, provider.userinfo or provider.claims)
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(*provider.token(dict(parse_qsl(body))))

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
