// ChatKit's protocol: one POST for each request, answered by a JSON object or by server-sent events.

class Backend {
  constructor(api) {
    this.url = api.url
    this.fetch = api.fetch ?? ((...request) => fetch(...request))
  }

  async ask(type, params) {
    return (await this.post(type, params)).json()
  }

  /** Call `handle` with each event of a stream as it arrives. */
  async stream(type, params, handle, signal) {
    const response = await this.post(type, params, signal)
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      throw new Error(`${type} was not answered by a stream`)
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      text += value
      const frames = text.split('\n\n')
      text = frames.pop()
      for (const frame of frames) handle(JSON.parse(frame.slice('data: '.length)))
    }
  }

  /** Return a thread with all its items, the oldest first. */
  async thread(threadId) {
    const thread = await this.ask('threads.get_by_id', { thread_id: threadId })
    while (thread.items.has_more) {
      const params = { thread_id: threadId, after: thread.items.after, order: 'asc' }
      const page = await this.ask('items.list', params)
      thread.items = { ...page, data: [...thread.items.data, ...page.data] }
    }
    return thread
  }

  /** Make the record of a file and send its bytes where the record says. */
  async upload(file) {
    const params = { name: file.name, size: file.size, mime_type: file.type }
    const record = await this.ask('attachments.create', params)
    const body = new FormData()
    body.append('file', file)
    const sent = await fetch(record.upload_descriptor.url, { method: record.upload_descriptor.method, body })
    if (!sent.ok) throw new Error(`upload: ${sent.status}`)
    return record
  }

  async post(type, params, signal) {
    const headers = { 'Content-Type': 'application/json', 'Accept-Language': navigator.language }
    const body = JSON.stringify({ type, params })
    const response = await this.fetch(this.url, { method: 'POST', headers, body, signal })
    if (!response.ok) throw new Error(`${type}: ${response.status}`)
    return response
  }
}
