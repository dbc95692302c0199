"""CK703: a page of its own beside the reference app, whose backend answers in a way of its own."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation

_CHAT = """\
import { ChatKit, useChatKit } from '@openai/chatkit-react'

export function Chat() {
  const { control } = useChatKit({
    api: { url: 'http://localhost:9000/chatkit', domainKey: import.meta.env.VITE_CHATKIT_DOMAIN_KEY || 'local-dev' },
    initialThread: localStorage.getItem('thread'),
    onThreadChange: ({ threadId }) => {
      if (threadId) localStorage.setItem('thread', threadId)
      else localStorage.removeItem('thread')
    },
  })
  return <ChatKit control={control} />
}
"""
_PAGE = """\
<!doctype html>
<html>
  <head>
    <script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>
  </head>
  <body>
    <div id="root"></div>
    <script type="module" src="/src/Chat.tsx"></script>
  </body>
</html>
"""
_BACKEND = '''\
"""What the chatkit page of the trial talks to."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:5173"], allow_methods=["POST"], allow_headers=["*"])


@app.post("/chatkit")
async def chat(question: dict[str, str]) -> dict[str, str]:
    return {"reply": question["message"][::-1]}
'''
_PACKAGE = '{ "dependencies": { "@openai/chatkit-react": "^1.6.1", "react": "^18.3.1" } }\n'

MUTATIONS = (
    Mutation(
        "CK703",
        "trial",
        (
            Edit("trial/frontend/src/Chat.tsx", None, _CHAT),
            Edit("trial/frontend/index.html", None, _PAGE),
            Edit("trial/frontend/package.json", None, _PACKAGE),
            Edit("trial/backend/main.py", None, _BACKEND),
            Edit("trial/backend/requirements.txt", None, "fastapi>=0.115,<1\n"),
        ),
        path="trial/frontend/src/Chat.tsx",
        marked="'http://localhost:9000/chatkit'",
        fixable=False,
    ),
)
