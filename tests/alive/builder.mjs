// Builds one frontend after the other as `npm run build` does, but in one process: what the tools are, and what they
// have read of packages, is loaded once. It is given a frontend with its packages, reads a line of JSON for each to
// build, and writes a line with what is wrong, null where nothing is.
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const packages = path.join(process.argv[2], 'node_modules')
const ts = createRequire(import.meta.url)(path.join(packages, 'typescript'))
const { build } = await import(pathToFileURL(path.join(packages, 'vite', 'dist', 'node', 'index.js')))
const read = new Map()

/** Returns what the compiler says of a frontend. */
function complaints(folder) {
  const fail = (told) => { throw new Error(ts.flattenDiagnosticMessageText(told.messageText, '\n')) }
  const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(
    path.join(folder, 'tsconfig.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  )
  const host = ts.createCompilerHost(options)
  const readFile = host.getSourceFile
  host.getSourceFile = (name, ...rest) => {
    if (!name.includes('/node_modules/')) return readFile(name, ...rest)
    if (!read.has(name)) read.set(name, readFile(name, ...rest))
    return read.get(name)
  }
  const found = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options, host))
  return ts.formatDiagnostics(found, { ...host, getCurrentDirectory: () => folder })
}

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, to, typed } = JSON.parse(line)
  let wrong = null
  try {
    wrong = (typed && complaints(folder)) || null
    if (!wrong) await build({ root: folder, logLevel: 'error', build: { outDir: to, emptyOutDir: true } })
  } catch (error) {
    wrong = String(error.stack)
  }
  console.log(JSON.stringify(wrong))
}
