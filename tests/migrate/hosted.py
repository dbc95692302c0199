"""Small hosted apps in the shapes that public projects have, written for these tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.projects import write_files

# The shape of OpenAI's starter: a hook with callbacks, a loading state, guards for the id, an edge route with a cookie.
NEXT = {
    "package.json": """
        {
          "name": "helpdesk",
          "dependencies": { "next": "^15.0.0", "react": "^19.0.0", "@openai/chatkit-react": "^1.4.0" }
        }
        """,
    "tsconfig.json": '{ "compilerOptions": { "strict": true, "jsx": "preserve", "paths": { "@/*": ["./*"] } } }\n',
    ".env.example": """
        # Of the project that the workflow is in.
        OPENAI_API_KEY=sk-proj-...
        # From Agent Builder, after Publish.
        NEXT_PUBLIC_CHATKIT_WORKFLOW_ID=wf_...
        ANALYTICS=on
        """,
    "README.md": "# Helpdesk\n\nSet the id of your Agent Builder workflow.\n",
    "app/layout.tsx": """
        import Script from "next/script";

        export default function Layout({ children }: { children: React.ReactNode }) {
          return (
            <html lang="en">
              <head>
                <Script
                  src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"
                  strategy="beforeInteractive"
                />
              </head>
              <body>{children}</body>
            </html>
          );
        }
        """,
    "lib/settings.ts": """
        export const WORKFLOW_ID = process.env.NEXT_PUBLIC_CHATKIT_WORKFLOW_ID?.trim() ?? "";

        export const SESSION_PATH = "/api/create-session";

        export const GREETING = "How can we help?";
        """,
    "components/Help.tsx": """
        "use client";

        import { useCallback, useEffect, useRef, useState } from "react";
        import { ChatKit, useChatKit } from "@openai/chatkit-react";
        import { GREETING, SESSION_PATH, WORKFLOW_ID } from "@/lib/settings";
        import { Notice } from "./Notice";

        type Problems = { script: string | null; session: string | null };

        export function Help({ onEnd }: { onEnd: () => void }) {
          const [problems, setProblems] = useState<Problems>({ script: null, session: null });
          const [isStarting, setIsStarting] = useState(true);
          const isMounted = useRef(true);

          useEffect(() => () => { isMounted.current = false; }, []);

          // The id has to be there.
          const isConfigured = Boolean(WORKFLOW_ID && !WORKFLOW_ID.startsWith("wf_replace"));

          useEffect(() => {
            if (!isConfigured && isMounted.current) {
              setProblems((now) => ({ ...now, session: "Set NEXT_PUBLIC_CHATKIT_WORKFLOW_ID." }));
              setIsStarting(false);
            }
          }, [isConfigured]);

          useEffect(() => {
            const failed = () => {
              setProblems((now) => ({ ...now, script: "The chat cannot be loaded." }));
              setIsStarting(false);
            };
            window.addEventListener("chatkit-script-error", failed);
            return () => window.removeEventListener("chatkit-script-error", failed);
          }, []);

          const getClientSecret = useCallback(
            async (current: string | null) => {
              if (!isConfigured) throw new Error("no workflow");
              if (!current) setIsStarting(true);
              try {
                const response = await fetch(SESSION_PATH, {
                  method: "POST",
                  body: JSON.stringify({ workflow: { id: WORKFLOW_ID } }),
                });
                const made = await response.json();
                if (!response.ok) throw new Error(reasonOf(made));
                return made.client_secret as string;
              } finally {
                if (isMounted.current && !current) setIsStarting(false);
              }
            },
            [isConfigured]
          );

          const chatkit = useChatKit({
            api: { getClientSecret },
            startScreen: { greeting: GREETING },
            composer: { attachments: { enabled: true } },
            onResponseEnd: () => onEnd(),
          });

          const problem = problems.script ?? problems.session;

          console.debug("help", { isStarting, problem, workflowId: WORKFLOW_ID });

          return (
            <div>
              <ChatKit
                control={chatkit.control}
                className={problem || isStarting ? "opacity-0" : "block"}
              />
              <Notice text={problem || !isStarting ? null : "Loading…"} error={problem} />
              {isStarting && <p>One moment</p>}
            </div>
          );
        }

        function reasonOf(answer: { error?: string }): string {
          return answer.error ?? "The session could not be made.";
        }
        """,
    "components/Notice.tsx": """
        type Words = string | null;

        export const Notice = ({ text, error }: { text: Words; error: Words }) => <p>{error ?? text}</p>;
        """,
    "app/api/create-session/route.ts": """
        import { WORKFLOW_ID } from "@/lib/settings";

        export const runtime = "edge";

        export async function POST(request: Request): Promise<Response> {
          const user = visitor(request);
          const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
            method: "POST",
            headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}`, "OpenAI-Beta": "chatkit_beta=v1" },
            body: JSON.stringify({ workflow: { id: WORKFLOW_ID }, user }),
          });
          const { client_secret } = await made.json();
          return Response.json({ client_secret }, { headers: { "Set-Cookie": `visitor=${user}; HttpOnly` } });
        }

        function visitor(request: Request): string {
          return request.headers.get("cookie")?.split("visitor=")[1] ?? crypto.randomUUID();
        }
        """,
}

# A Vite page with its secret in a module of its own, beside a FastAPI server that has other work as well.
VITE = {
    "frontend/package.json": """
        {
          "name": "shop",
          "devDependencies": { "vite": "^6.0.0" },
          "dependencies": { "@openai/chatkit-react": "^1.4.0" }
        }
        """,
    "frontend/vite.config.ts": "export default { server: { port: 3100 } }\n",
    "frontend/index.html": """
        <!doctype html>
        <html lang="en">
          <head><script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script></head>
          <body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body>
        </html>
        """,
    "frontend/src/vite-env.d.ts": '/// <reference types="vite/client" />\n',
    "frontend/src/Chat.tsx": """
        import { useMemo } from 'react'
        import { ChatKit, useChatKit } from '@openai/chatkit-react'
        import { secretFetcher, workflowId } from './session'

        export function Chat() {
          const getClientSecret = useMemo(() => secretFetcher(workflowId), [])
          const { control } = useChatKit({ api: { getClientSecret } })
          return <ChatKit control={control} />
        }
        """,
    "frontend/src/session.ts": """
        const read = (value: unknown) => (typeof value === 'string' ? value : undefined)

        export const workflowId = (() => {
          const id = read(import.meta.env.VITE_CHATKIT_WORKFLOW_ID)
          if (!id) throw new Error('Set VITE_CHATKIT_WORKFLOW_ID.')
          return id
        })()

        export function secretFetcher(id: string) {
          return async (current: string | null) => {
            if (current) return current
            const answer = await fetch('/api/session', { method: 'POST', body: JSON.stringify({ id }) })
            return (await answer.json()).client_secret as string
          }
        }
        """,
    "server/requirements.txt": "fastapi\nhttpx\n",
    "server/main.py": '''
        """The shop's server."""

        import os
        import uuid

        import httpx
        from fastapi import FastAPI, Request

        app = FastAPI()

        WORKFLOW_ID = os.environ["CHATKIT_WORKFLOW_ID"]


        @app.get("/orders")
        async def orders() -> list[str]:
            return [str(uuid.uuid4())]


        # A session for whoever comes.
        @app.post("/api/session")
        async def session(request: Request):
            user = request.cookies.get("visitor") or str(uuid.uuid4())
            return await make_session(user)


        async def make_session(user: str):
            async with httpx.AsyncClient() as client:
                made = await client.post(
                    "https://api.openai.com/v1/chatkit/sessions",
                    json={"workflow": {"id": WORKFLOW_ID}, "user": user},
                )
            return made.json()
        ''',
}

# A page without a build, served by an Express server.
PLAIN = {
    "package.json": '{ "name": "site", "dependencies": { "express": "^4.0.0", "openai": "^6.0.0" } }\n',
    "server.js": """
        const express = require('express');

        const app = express();
        const apiKey = process.env.OPENAI_API_KEY;

        app.use(express.static('public'));

        app.get('/hours', (_request, response) => {
          response.json({ open: '9 to 5' });
        });

        // Makes a session for a browser.
        app.post('/session', async (request, response) => {
          if (!apiKey) {
            response.status(503).end();
            return;
          }
          const made = await fetch('https://api.openai.com/v1/chatkit/sessions', {
            method: 'POST',
            headers: { Authorization: `Bearer ${apiKey}` },
            body: JSON.stringify({ workflow: { id: 'wf_123' }, user: nameOf(request) }),
          });
          response.json(await made.json());
        });

        function nameOf(request) {
          return request.ip || 'guest';
        }

        app.listen(4000);
        """,
    "public/index.html": """
        <!doctype html>
        <html lang="en">
          <head>
            <script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>
          </head>
          <body>
            <openai-chatkit id="chat"></openai-chatkit>
            <script type="module">
              const chat = document.getElementById('chat');

              async function secret(current) {
                const answer = await fetch('/session', { method: 'POST' });
                return (await answer.json()).client_secret;
              }

              await customElements.whenDefined('openai-chatkit');
              chat.setOptions({
                api: { getClientSecret: secret },
                theme: 'light',
              });
            </script>
          </body>
        </html>
        """,
}


def committed(root: Path, files: dict[str, str]) -> Path:
    """Write an app into a git repository and commit it; return its folder."""
    write_files(root, files)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "-m", "the hosted app")
    return root


def git(root: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


def contents(root: Path) -> dict[str, bytes]:
    """Return the files of a folder, git's own left out."""
    paths = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
