// Reads [[path, loader, text], …] as JSON and writes what esbuild or V8 have against each text: [[message, …], …].
import { createRequire } from 'node:module'
import vm from 'node:vm'

const { transformSync } = createRequire(process.argv[2] + '/')('esbuild')

function refused(loader, text) {
  let script = text
  if (loader !== 'script') {
    try {
      script = transformSync(text, { loader, jsx: 'automatic', target: 'esnext', logLevel: 'silent' }).code
    } catch (error) {
      return (error.errors ?? [{ text: String(error) }]).map((each) => `esbuild: ${each.text}`)
    }
  }
  try {
    if (loader === 'script') new vm.Script(script)
    else new vm.SourceTextModule(script)
  } catch (error) {
    return [`node: ${error.name}: ${error.message}`]
  }
  return []
}

let asked = ''
for await (const piece of process.stdin) asked += piece
console.log(JSON.stringify(JSON.parse(asked).map(([, loader, text]) => refused(loader, text))))
