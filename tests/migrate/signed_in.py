"""Hosted apps in Python and PHP whose users sign in, in the shapes that public projects have, for the tests."""

from __future__ import annotations

PAGE = """
<!doctype html>
<html lang="en">
  <head>
    <script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>
  </head>
  <body>
    <openai-chatkit id="chat"></openai-chatkit>
    <script type="module">
      const chat = document.getElementById("chat");
      await customElements.whenDefined("openai-chatkit");
      chat.setOptions({
        api: {
          async getClientSecret() {
            const token = localStorage.getItem("token");
            if (!token) {
              throw new Error("sign in first");
            }
            const answer = await fetch("/api/chat/session", {
              method: "POST",
              headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
              body: JSON.stringify({ workflow: "wf_1" }),
            });
            return (await answer.json()).client_secret;
          },
        },
      });
    </script>
  </body>
</html>
"""

FASTAPI = {
    "index.html": PAGE,
    "package.json": "{}",
    "server/requirements.txt": "fastapi\nopenai\nuvicorn\n",
    "server/auth.py": """
        from fastapi import Depends, HTTPException
        from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
        from pydantic import BaseModel

        PEOPLE = {"token-of-ada": "ada", "token-of-bob": "bob"}
        bearer = HTTPBearer(auto_error=False)


        class User(BaseModel):
            id: str


        def get_current_user(given: HTTPAuthorizationCredentials | None = Depends(bearer)) -> User:
            name = PEOPLE.get(given.credentials) if given else None
            if name is None:
                raise HTTPException(401, "sign in first")
            return User(id=name)
        """,
    "server/sessions.py": '''
        """Sessions of the chat."""

        import os

        from openai import AsyncOpenAI

        client = AsyncOpenAI()


        async def create_chat_session(user_id: str, workflow: str) -> str:
            session = await client.beta.chatkit.sessions.create(
                user=user_id, workflow={"id": workflow or os.environ["CHATKIT_WORKFLOW_ID"]}
            )
            return session.client_secret
        ''',
    "server/main.py": '''
        """The shop's server."""

        import logging

        from auth import User, get_current_user
        from fastapi import APIRouter, Depends, FastAPI, HTTPException
        from pydantic import BaseModel
        from sessions import create_chat_session

        log = logging.getLogger(__name__)
        app = FastAPI()
        router = APIRouter(prefix="/api/chat")


        class SessionRequest(BaseModel):
            workflow: str


        class SessionAnswer(BaseModel):
            client_secret: str


        @router.get("/hours")
        def hours() -> str:
            return "9 to 5"


        @router.post("/session", response_model=SessionAnswer)
        async def session(
            request: SessionRequest,
            current_user: User = Depends(get_current_user),
        ) -> SessionAnswer:
            """Make a session of the chat, and return its secret."""
            if not request.workflow.startswith("wf_"):
                raise HTTPException(400, "no workflow")
            if current_user.id == "mallory":
                raise HTTPException(403, "not you")
            try:
                secret = await create_chat_session(str(current_user.id), request.workflow)
                log.info("made a session for %s", current_user.id)
                return SessionAnswer(client_secret=secret)
            except Exception as error:
                raise HTTPException(502, str(error)) from error


        app.include_router(router)
        ''',
}

FLASK = {
    "templates/index.html": PAGE.replace(
        'const token = localStorage.getItem("token");\n            if (!token) {\n'
        '              throw new Error("sign in first");\n            }\n            ',
        "",
    ).replace(", Authorization: `Bearer ${token}`", ', "X-CSRF": document.body.dataset.csrf'),
    "package.json": "{}",
    "requirements.txt": "flask\nrequests\n",
    "app.py": """
        import os

        import requests
        from flask import Flask, abort, jsonify, render_template, request, session

        app = Flask(__name__)
        app.secret_key = "only for this test"
        OPENAI_API_KEY = os.getenv("OPENAI_API_KEY")


        def current_user():
            return session.get("name")


        @app.post("/sign-in")
        def sign_in():
            session["name"] = request.form["name"]
            return "welcome"


        @app.route("/")
        def home():
            return render_template("index.html")


        @app.route("/api/chat/session", methods=["POST"])
        def chat_session():
            # Only for those who have signed in.
            user = current_user()
            if not user:
                abort(401)
            if request.headers.get("X-CSRF") != "known":
                return jsonify({"error": "reload the page"}), 403
            if not OPENAI_API_KEY:
                return jsonify({"error": "no key"}), 500
            data = request.get_json(silent=True) or {}
            workflow_id = data.get("workflow") or os.getenv("WORKFLOW_ID")
            app.logger.info("a session of workflow %s", workflow_id)
            payload = {"workflow": {"id": workflow_id}, "user": f"{user}"}
            try:
                made = requests.post(
                    "https://api.openai.com/v1/chatkit/sessions",
                    headers={"Authorization": f"Bearer {OPENAI_API_KEY}", "OpenAI-Beta": "chatkit_beta=v1"},
                    json=payload,
                    timeout=30,
                )
                made.raise_for_status()
            except requests.RequestException as error:
                return jsonify({"error": str(error)}), 502
            return jsonify({"client_secret": made.json()["client_secret"]})
        """,
}

DJANGO = {
    "page/index.html": FLASK["templates/index.html"].replace("X-CSRF", "X-CSRFToken"),
    "package.json": "{}",
    "requirements.txt": "django\nopenai\n",
    "manage.py": "import django\n",
    "desk/__init__.py": "",
    "desk/settings.py": """
        SECRET_KEY = "only for this test"
        ROOT_URLCONF = "desk.urls"
        ALLOWED_HOSTS = ["*"]
        INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
        MIDDLEWARE = [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ]
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "desk.db"}}
        SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
        """,
    "desk/wsgi.py": """
        import os

        from django.core.wsgi import get_wsgi_application

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
        application = get_wsgi_application()
        """,
    "desk/asgi.py": """
        import os

        from django.core.asgi import get_asgi_application

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
        application = get_asgi_application()
        """,
    "desk/urls.py": """
        from django.urls import path

        from . import views

        urlpatterns = [
            path("sign-in", views.sign_in),
            path("api/chat/session", views.ChatSession.as_view()),
        ]
        """,
    "desk/views.py": """
        import json

        from django.contrib.auth import login
        from django.contrib.auth.mixins import LoginRequiredMixin
        from django.contrib.auth.models import User
        from django.http import HttpResponse, JsonResponse
        from django.views import View
        from openai import OpenAI


        def sign_in(request):
            user, _ = User.objects.get_or_create(username=request.POST["name"])
            login(request, user)
            return HttpResponse("welcome")


        class ChatSession(LoginRequiredMixin, View):
            raise_exception = True

            def post(self, request):
                body = json.loads(request.body)
                client = OpenAI()
                session = client.beta.chatkit.sessions.create(
                    user=request.user.username,
                    workflow={"id": body["workflow"]},
                )
                return JsonResponse({"client_secret": session.client_secret})
        """,
}

PHP = {
    "index.html": FLASK["templates/index.html"].replace("/api/chat/session", "session.php"),
    "sign-in.php": "<?php session_start(); $_SESSION['name'] = $_POST['name'];\n",
    "session.php": """
        <?php
        session_start();
        header('Content-Type: application/json');

        // Only for those who have signed in.
        $user = $_SESSION['name'] ?? null;
        if (!$user) {
            http_response_code(401);
            echo json_encode(['error' => 'sign in first']);
            exit;
        }

        $apiKey = getenv('OPENAI_API_KEY');
        if (!$apiKey) {
            http_response_code(500);
            exit;
        }
        $data = ['workflow' => ['id' => getenv('WORKFLOW_ID')], 'user' => $user];

        $call = curl_init('https://api.openai.com/v1/chatkit/sessions');
        curl_setopt_array($call, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_POSTFIELDS => json_encode($data),
            CURLOPT_HTTPHEADER => ["Authorization: Bearer $apiKey", 'OpenAI-Beta: chatkit_beta=v1'],
        ]);
        $answer = curl_exec($call);
        curl_close($call);
        echo $answer;
        """,
}

WORDPRESS = {
    "chat.js": """
        const chat = document.querySelector("openai-chatkit");
        chat.setOptions({
          api: {
            getClientSecret: async () => {
              const answer = await fetch(chatSettings.session, {
                method: "POST",
                headers: { "X-WP-Nonce": chatSettings.nonce },
                credentials: "same-origin",
              });
              return (await answer.json()).client_secret;
            },
          },
        });
        """,
    "plugin.php": """
        <?php
        /* Plugin Name: Chat */
        namespace Shop;

        class Chat {
            public function routes() {
                register_rest_route( 'chat/v1', '/session', array(
                    'methods' => 'POST',
                    'callback' => array( $this, 'session' ),
                    'permission_callback' => 'is_user_logged_in',
                ) );
                wp_enqueue_script( 'chatkit', 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js' );
            }

            public function session( \\WP_REST_Request $request ) {
                $api_key = get_option( 'chat_api_key' );
                if ( empty( $api_key ) ) {
                    return new \\WP_Error( 'no_key', 'No key', array( 'status' => 500 ) );
                }

                $user_id = get_current_user_id();
                $made = wp_remote_post( 'https://api.openai.com/v1/chatkit/sessions', array(
                    'headers' => array( 'Authorization' => 'Bearer ' . $api_key ),
                    'body' => wp_json_encode( array(
                        'workflow' => array( 'id' => get_option( 'chat_workflow' ) ),
                        'user' => (string) $user_id,
                    ) ),
                ) );
                if ( is_wp_error( $made ) ) {
                    return $made;
                }
                return json_decode( wp_remote_retrieve_body( $made ), true );
            }
        }
        """,
}

# Who asks, by a token that the page sends along; for frameworks without a way of their own.
TOKENS = """
PEOPLE = {"token-of-ada": "ada", "token-of-bob": "bob"}


def name_of(request):
    return PEOPLE.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
"""

STARLETTE = {
    "index.html": PAGE,
    "package.json": "{}",
    "requirements.txt": "starlette\nopenai\n",
    "people.py": TOKENS,
    "main.py": """
        from openai import AsyncOpenAI
        from people import name_of
        from starlette.applications import Starlette
        from starlette.responses import JSONResponse, PlainTextResponse
        from starlette.routing import Route


        async def hours(request):
            return PlainTextResponse("9 to 5")


        async def session(request):
            name = name_of(request)
            if name is None:
                return JSONResponse({"error": "sign in first"}, status_code=401)
            body = await request.json()
            made = await AsyncOpenAI().beta.chatkit.sessions.create(user=name, workflow={"id": body["workflow"]})
            return JSONResponse({"client_secret": made.client_secret})


        app = Starlette(
            routes=[
                Route("/hours", hours),
                Route("/api/chat/session", session, methods=["POST"]),
            ]
        )
        """,
}

AIOHTTP = {
    "index.html": PAGE,
    "package.json": "{}",
    "requirements.txt": "aiohttp\n",
    "people.py": TOKENS,
    "main.py": """
        import os

        from aiohttp import ClientSession, web
        from people import name_of


        async def hours(request):
            return web.Response(text="9 to 5")


        async def session(request):
            name = name_of(request)
            if name is None:
                raise web.HTTPUnauthorized()
            body = await request.json()
            async with ClientSession() as client:
                made = await client.post(
                    "https://api.openai.com/v1/chatkit/sessions",
                    headers={"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"},
                    json={"workflow": {"id": body["workflow"]}, "user": name},
                )
                return web.json_response({"client_secret": (await made.json())["client_secret"]})


        def make_app(argv=None):
            app = web.Application()
            app.router.add_get("/hours", hours)
            app.router.add_post("/api/chat/session", session)
            return app
        """,
}

QUART = {
    "templates/index.html": FLASK["templates/index.html"],
    "package.json": "{}",
    "requirements.txt": "quart\nopenai\n",
    "app.py": """
        from openai import AsyncOpenAI
        from quart import Quart, abort, jsonify, request, session

        app = Quart(__name__)
        app.secret_key = "only for this test"


        @app.post("/sign-in")
        async def sign_in():
            session["name"] = (await request.form)["name"]
            return "welcome"


        @app.route("/api/chat/session", methods=["POST"])
        async def chat_session():
            user = session.get("name")
            if not user:
                abort(401)
            data = await request.get_json()
            made = await AsyncOpenAI().beta.chatkit.sessions.create(user=user, workflow={"id": data["workflow"]})
            return jsonify({"client_secret": made.client_secret})
        """,
}

DJANGO_ASYNC = DJANGO | {
    "desk/urls.py": DJANGO["desk/urls.py"].replace("views.ChatSession.as_view()", "views.session"),
    "desk/views.py": """
        import json

        from django.contrib.auth import login
        from django.contrib.auth.models import User
        from django.http import HttpResponse, JsonResponse
        from openai import AsyncOpenAI


        def sign_in(request):
            user, _ = User.objects.get_or_create(username=request.POST["name"])
            login(request, user)
            return HttpResponse("welcome")


        async def session(request):
            user = await request.auser()
            if not user.is_authenticated:
                return JsonResponse({"error": "sign in first"}, status=401)
            body = json.loads(request.body)
            client = AsyncOpenAI()
            made = await client.beta.chatkit.sessions.create(user=user.username, workflow={"id": body["workflow"]})
            return JsonResponse({"client_secret": made.client_secret})
        """,
}

APPS = {
    "fastapi": FASTAPI,
    "flask": FLASK,
    "django": DJANGO,
    "async-django": DJANGO_ASYNC,
    "starlette": STARLETTE,
    "aiohttp": AIOHTTP,
    "quart": QUART,
    "php": PHP,
    "wordpress": WORDPRESS,
}
