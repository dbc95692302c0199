// Starts `chatkit-doctor lsp` for the workspace and starts it anew when its path changes.

import { commands, type ExtensionContext, type OutputChannel, window, workspace } from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { doctorCommand, notStarted } from "./command";
import { Turns } from "./turns";

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

/**
 * Shows what went wrong while it runs. That nothing came of a start is told by `start`, since what the client says of it
 * names no remedy; and what did not reach a server that is being stopped concerns nobody.
 */
class Client extends LanguageClient {
  speaksUp = false;

  override error(message: string, data?: unknown, showNotification: boolean | "force" = true): void {
    super.error(message, data, this.speaksUp ? showNotification : false);
  }
}

let client: Client | undefined;
let log: OutputChannel;
const turns = new Turns();

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
    client.speaksUp = true;
  } catch (error) {
    log.appendLine(String(error));
    client = undefined;
    // Nothing waits until the message is read, neither the activation nor the next start.
    void tell(notStarted(command, setting));
  }
}

async function tell(complaint: string): Promise<void> {
  if (await window.showErrorMessage(complaint, "Show the Log")) {
    log.show();
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running?.needsStop()) {
    running.speaksUp = false;
    // One that cannot be stopped is no reason to go without the next.
    await running.stop().catch((error) => log.appendLine(String(error)));
  }
}

function restart(): Promise<void> {
  return turns.take(async () => {
    await stop();
    await start();
  });
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
  await restart();
}

export function deactivate(): Promise<void> {
  return turns.take(stop);
}
