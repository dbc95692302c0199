// Starts `chatkit-doctor lsp` for the workspace and starts it anew when its path changes.

import { commands, type ExtensionContext, type OutputChannel, window, workspace } from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { doctorCommand } from "./command";

const SECTION = "chatkitDoctor";
const LANGUAGES = [
  "python",
  "javascript",
  "javascriptreact",
  "typescript",
  "typescriptreact",
  "html",
  "vue",
  "svelte",
  "astro",
  "php",
  // What other extensions call the templates of Flask and Django, among them those that end in .html.
  "jinja",
  "jinja-html",
  "django-html",
];
const TEMPLATES = "**/*.{jinja,jinja2,j2}";
// Manifests count as they are typed as well.
const MANIFESTS = "**/{pyproject.toml,package.json,requirements*.txt,setup.cfg,Pipfile,chatkit-doctor.toml}";

/** Leaves it to `start` to tell that nothing came of a start: what the client says of it names no remedy. */
class Client extends LanguageClient {
  isStarting = true;

  override error(message: string, data?: unknown, showNotification: boolean | "force" = true): void {
    super.error(message, data, this.isStarting ? false : showNotification);
  }
}

let client: Client | undefined;
let log: OutputChannel;

function makeClient(command: string): Client {
  const serverOptions: ServerOptions = { command, args: ["lsp"] };
  const clientOptions: LanguageClientOptions = {
    documentSelector: [
      ...LANGUAGES.map((language) => ({ scheme: "file", language })),
      { scheme: "file", pattern: TEMPLATES },
      { scheme: "file", pattern: MANIFESTS },
    ],
    initializationOptions: workspace.getConfiguration(SECTION),
    outputChannel: log,
    // Here too `start` tells of it.
    initializationFailedHandler: () => false,
  };
  return new Client(SECTION, "chatkit-doctor", serverOptions, clientOptions);
}

async function start(): Promise<void> {
  const setting = workspace.getConfiguration(SECTION).get<string>("path", "");
  const folders = (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const command = doctorCommand(setting, folders);
  log.appendLine(`Starting ${command} lsp`);
  client = makeClient(command);
  try {
    await client.start();
    client.isStarting = false;
  } catch (error) {
    log.appendLine(String(error));
    client = undefined;
    const install = "Install it with: pip install 'chatkit-doctor[lsp]'";
    const chosen = await window.showErrorMessage(
      `${command} could not be started. ${install}, or set chatkitDoctor.path.`,
      "Show the Log",
    );
    if (chosen) {
      log.show();
    }
  }
}

async function restart(): Promise<void> {
  const running = client;
  client = undefined;
  if (running?.needsStop()) {
    await running.stop();
  }
  await start();
}

export async function activate(context: ExtensionContext): Promise<void> {
  log = window.createOutputChannel("chatkit-doctor");
  context.subscriptions.push(
    log,
    commands.registerCommand("chatkitDoctor.restart", restart),
    commands.registerCommand("chatkitDoctor.showLog", () => log.show()),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("chatkitDoctor.path")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  if (client?.needsStop()) {
    await client.stop();
  }
}
