"""A project of several apps that have to do with each other, for what is known of each app."""

from __future__ import annotations

SERVER = (
    "from chatkit.server import ChatKitServer\nfrom .memory import Memory\n\n\n"
    "class Server(ChatKitServer[dict]):\n    pass\n\n\nserver = Server(Memory())\n"
)
MEMORY = "from chatkit.store import Store\n\n\nclass Memory(Store[dict]):\n    def load_thread(self, thread_id): ...\n"
WRONG = "from chatkit.stores import Store\nfrom chatkit.types import ThreadStreamEvnt\n"
CHAT = (
    "import {{ ChatKit, useChatKit }} from '{package}'\nimport {{ options }} from './options'\n\n"
    "export function Chat() {{\n  const {{ control }} = useChatKit(options)\n"
    "  return <ChatKit control={{control}} />\n}}\n"
)
OPTIONS = "export const options = { api: { url: '/chatkit' }, theme: { colorScheme: 'drak' }, composr: {} }\n"
NODE = '{{"name": "{name}", "dependencies": {{"@openai/chatkit-react": "{version}"{more}}}}}\n'
PROJECT = {
    "one/pyproject.toml": '[project]\nname = "one"\ndependencies = ["openai-chatkit>=1.4,<2", "stores"]\n',
    "one/one/__init__.py": "",
    "one/one/server.py": SERVER,
    "one/one/memory.py": MEMORY,
    "one/one/remote.py": "from stores.base import Half\n\n\nclass Mine(Half):\n    pass\n\n\nMine()\n",
    "two/requirements.txt": "openai-chatkit==1.4.0\n",
    "two/main.py": WRONG,
    "two/index.html": "<openai-chatkit></openai-chatkit>\n",
    "stores/pyproject.toml": '[project]\nname = "stores"\ndependencies = ["openai-chatkit"]\n',
    "stores/stores/base.py": "from chatkit.store import Store\n\n\nclass Half(Store[dict]):\n    pass\n",
    "shop-server/requirements.txt": "openai-chatkit\n",
    "shop-server/main.py": SERVER.replace(".memory", "memory"),
    "shop-server/memory.py": MEMORY,
    "shop-web/package.json": NODE.format(name="shop-web", version="1.2.0", more=', "widgets": "*"'),
    "shop-web/src/Chat.tsx": CHAT.format(package="@openai/chatkit-react"),
    "shop-web/src/options.ts": OPTIONS,
    "shop-web/tsconfig.json": '{"extends": "../tsconfig.base.json"}\n',
    "tsconfig.base.json": '{"compilerOptions": {"paths": {"@/*": ["./shop-web/src/*"]}}}\n',
    "widgets/package.json": '{"name": "widgets", "exports": "./index.js"}\n',
    "widgets/index.js": "export const name = 'openai-chatkit'\n",
}
