// Checks options as strictly as ChatKit does: what is not known is refused, and told in its words.

class InvalidFrameParamsError extends Error {
  constructor(found) {
    const told = found.map(({ text, path }) => `✖ ${text}${path && ` → at ${path}`}`)
    super(`Invalid frame params: ChatKit.create(): ${told.join(' ')}`)
    this.name = 'InvalidFrameParamsError'
  }
}

/** Throw InvalidFrameParamsError where a value is not of a type of the schema. */
function checkOptions(options, schema) {
  const found = [...problems(options, schema, '')]
  // As zod tells them: what is wrong with an object before what is wrong inside it.
  found.sort((one, other) => depth(one.path) - depth(other.path))
  if (found.length) throw new InvalidFrameParamsError(found)
}

function depth(path) {
  return path && path.split(/[.[]/).length
}

function* problems(value, schema, path) {
  switch (schema.kind) {
    case 'object':
      yield* problemsOfObject(value, schema, path)
      break
    case 'array':
      if (!Array.isArray(value)) yield wrong('array', value, path)
      else for (const [index, item] of value.entries()) yield* problems(item, schema.element, `${path}[${index}]`)
      break
    case 'record':
      if (!isObject(value)) yield wrong('record', value, path)
      else for (const [key, item] of Object.entries(value)) yield* problems(item, schema.value, joined(path, key))
      break
    case 'union':
      if (!schema.members.some((member) => problems(value, member, path).next().done)) {
        yield { text: 'Invalid input', path }
      }
      break
    case 'literals':
      if (!schema.values.includes(value)) {
        const expected = schema.values.map((known) => JSON.stringify(known)).join('|')
        yield { text: `Invalid option: expected one of ${expected}`, path }
      }
      break
    case 'template':
      if (typeof value !== 'string' || !value.startsWith(schema.start) || !value.endsWith(schema.end)) {
        yield { text: 'Invalid input', path }
      }
      break
    case 'function':
      if (typeof value !== 'function') yield wrong('function', value, path)
      break
    case 'primitive':
      if (nameOf(value) !== schema.name) yield wrong(schema.name, value, path)
      break
  }
}

function* problemsOfObject(value, schema, path) {
  if (!isObject(value)) {
    yield wrong('object', value, path)
    return
  }
  for (const [key, { type, required }] of Object.entries(schema.keys)) {
    if (value[key] !== undefined || required) yield* problems(value[key], type, joined(path, key))
  }
  const unknown = Object.keys(value).filter((key) => !(key in schema.keys))
  if (unknown.length === 1) yield { text: `Unrecognized key: "${unknown[0]}"`, path }
  if (unknown.length > 1) yield { text: `Unrecognized keys: ${unknown.map((key) => `"${key}"`).join(', ')}`, path }
}

function wrong(expected, value, path) {
  return { text: `Invalid input: expected ${expected}, received ${nameOf(value)}`, path }
}

function nameOf(value) {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isObject(value) {
  return nameOf(value) === 'object'
}

function joined(path, key) {
  return path ? `${path}.${key}` : key
}
