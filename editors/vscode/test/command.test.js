// Which command is started, for workspaces as people have them.

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");
const { doctorCommand, notStarted } = require("../out/command.js");

function workspace(...files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "workspace-"));
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), "");
  }
  return folder;
}

test("the setting goes before all", () => {
  const folder = workspace(".venv/bin/chatkit-doctor");
  assert.strictEqual(doctorCommand("/opt/doctor", [folder]), "/opt/doctor");
  assert.strictEqual(doctorCommand("tools/doctor", [folder]), path.join(folder, "tools/doctor"));
  assert.strictEqual(doctorCommand("~/bin/doctor", []), path.join(os.homedir(), "bin/doctor"));
  assert.strictEqual(doctorCommand("doctor", [folder]), "doctor");
});

test("the environment of the workspace goes before the PATH", () => {
  const folder = workspace("venv/bin/chatkit-doctor");
  assert.strictEqual(doctorCommand("", [folder], "linux"), path.join(folder, "venv/bin/chatkit-doctor"));
  assert.strictEqual(doctorCommand("", [workspace("README.md"), folder], "linux"), path.join(folder, "venv/bin/chatkit-doctor"));
});

test("the environment of a backend counts", () => {
  const folder = workspace("backend/.venv/bin/chatkit-doctor", "node_modules/.venv/bin/chatkit-doctor");
  assert.strictEqual(doctorCommand(" ", [folder], "linux"), path.join(folder, "backend/.venv/bin/chatkit-doctor"));
});

test("Windows has its scripts elsewhere", () => {
  const folder = workspace(".venv/Scripts/chatkit-doctor.exe");
  assert.strictEqual(doctorCommand("", [folder], "win32"), path.join(folder, ".venv/Scripts/chatkit-doctor.exe"));
});

test("without any, the PATH is asked", () => {
  assert.strictEqual(doctorCommand("", [workspace(), "/nowhere"], "linux"), "chatkit-doctor");
});

test("a setting that leads nowhere is named", () => {
  assert.match(notStarted("/nowhere/doctor", "/nowhere/doctor"), /^\/nowhere\/doctor, which chatkitDoctor\.path names, could not/);
  assert.match(notStarted("chatkit-doctor", " "), /^chatkit-doctor could not be started\..*or set chatkitDoctor\.path\.$/);
});
