// Which chatkit-doctor is started: what the setting says, else the workspace's own, else the one on the PATH.

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const FOLDERS = [".venv", "venv"];

/** Returns the name of the command's file, in the folder of scripts of an environment. */
function inEnvironment(folder: string, platform: NodeJS.Platform): string {
  return platform === "win32"
    ? path.join(folder, "Scripts", "chatkit-doctor.exe")
    : path.join(folder, "bin", "chatkit-doctor");
}

/** Returns a setting as a path: `~` is the home folder, what is relative is in the first folder of the workspace. */
function given(setting: string, workspace: readonly string[]): string {
  const whole = setting === "~" || setting.startsWith("~/") ? path.join(os.homedir(), setting.slice(1)) : setting;
  const isPath = whole.includes("/") || whole.includes(path.sep);
  return isPath && !path.isAbsolute(whole) && workspace.length > 0 ? path.join(workspace[0], whole) : whole;
}

/** Returns the folders in which an environment may stand: those of the workspace, and one level below. */
function* around(workspace: readonly string[]): Generator<string> {
  for (const folder of workspace) {
    yield folder;
  }
  for (const folder of workspace) {
    let names: string[] = [];
    try {
      names = fs.readdirSync(folder).sort();
    } catch {
      continue;
    }
    yield* names.filter((name) => !name.startsWith(".") && name !== "node_modules").map((name) => path.join(folder, name));
  }
}

/**
 * Returns the command to start.
 *
 * @param setting what `chatkitDoctor.path` says; empty where it says nothing.
 * @param workspace the folders that are open.
 */
export function doctorCommand(
  setting: string,
  workspace: readonly string[],
  platform: NodeJS.Platform = process.platform,
): string {
  if (setting.trim()) {
    return given(setting.trim(), workspace);
  }
  for (const folder of around(workspace)) {
    for (const name of FOLDERS) {
      const command = inEnvironment(path.join(folder, name), platform);
      if (fs.existsSync(command)) {
        return command;
      }
    }
  }
  return "chatkit-doctor";
}

/** Returns what is said where a command could not be started. */
export function notStarted(command: string, setting: string): string {
  const install = "Install it with: pip install 'chatkit-doctor[lsp]'";
  return setting.trim()
    ? `${command}, which chatkitDoctor.path names, could not be started. ${install}, or change that setting.`
    : `${command} could not be started. ${install}, or set chatkitDoctor.path.`;
}
