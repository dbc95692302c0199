// A plain <openai-chatkit>: a composer and a list of messages, where the script on the CDN would draw its own.

const PARTS = `
  <header><h2></h2><button data-do="history">History</button><button data-do="new">New chat</button></header>
  <div class="scroll">
    <section class="start" hidden></section>
    <section class="history" aria-label="History" hidden></section>
    <section class="messages" role="log"></section>
  </div>
  <form>
    <textarea rows="1" aria-label="Message"></textarea>
    <input type="file" aria-label="Attach" hidden>
    <button type="submit">Send</button><button type="button" data-do="stop" hidden>Stop</button>
  </form>
  <footer hidden></footer>`

class OpenAIChatKit extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return
    const root = this.attachShadow({ mode: 'open' })
    root.innerHTML = `<style>${STYLE}</style><div hidden style="display: contents">${PARTS}</div>`
    this.find = (selector) => root.querySelector(selector)
    this.find('form').addEventListener('submit', (event) => this.submit(event))
    this.find('textarea').addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey) this.submit(event)
    })
    this.find('[data-do=new]').addEventListener('click', () => this.setThreadId(null))
    this.find('[data-do=history]').addEventListener('click', () => this.showHistory())
    this.find('[data-do=stop]').addEventListener('click', () => this.running.abort())
    // Options that came before the element was in a page have waited.
    if (this.options) this.begin()
  }

  setOptions(options) {
    try {
      checkOptions(options, SCHEMA)
    } catch (error) {
      // Nothing is drawn, and the console tells why.
      reportError(error)
      this.tell('error', { error })
      return
    }
    const first = !this.options
    this.options = options
    this.backend = new Backend(options.api)
    if (!this.shadowRoot) return
    if (first) this.begin()
    else this.draw()
  }

  begin() {
    this.draw()
    this.find('div').hidden = false
    this.tell('ready')
    this.setThreadId(this.options.initialThread ?? null)
  }

  draw() {
    const { theme, startScreen, composer, disclaimer, header, history } = this.options
    this.dataset.scheme = (typeof theme === 'string' ? theme : theme?.colorScheme) ?? 'light'
    if (theme?.color?.accent) this.style.setProperty('--accent', theme.color.accent.primary)
    this.find('textarea').placeholder = composer?.placeholder ?? ''
    this.find('[type=file]').hidden = !composer?.attachments?.enabled
    this.find('header').hidden = header?.enabled === false
    this.find('[data-do=history]').hidden = history?.enabled === false
    this.find('footer').hidden = !disclaimer
    this.find('footer').textContent = disclaimer?.text ?? ''
    const greeting = document.createElement('h3')
    greeting.textContent = startScreen?.greeting ?? 'What can I help with today?'
    const prompts = (startScreen?.prompts ?? []).map((prompt) =>
      button(prompt.label, () => this.sendUserMessage({ text: prompt.prompt })),
    )
    this.find('.start').replaceChildren(greeting, ...prompts)
  }

  async setThreadId(threadId) {
    this.running?.abort()
    this.find('.messages').replaceChildren()
    this.find('.history').hidden = true
    this.enter(null)
    if (threadId === null) {
      this.tell('thread.change', { threadId: null })
      return
    }
    this.tell('thread.load.start', { threadId })
    try {
      const thread = await this.backend.thread(threadId)
      this.enter(thread)
      for (const item of thread.items.data) this.put(item)
      this.tell('thread.load.end', { threadId })
      this.tell('thread.change', { threadId })
    } catch (error) {
      this.notice('This chat could not be loaded.')
      this.tell('error', { error })
    }
  }

  async showHistory() {
    const { data } = await this.backend.ask('threads.list', { limit: 20, order: 'desc' })
    const rows = data.map((thread) => button(thread.title ?? 'Untitled', () => this.setThreadId(thread.id)))
    this.find('.history').replaceChildren(...rows)
    this.find('.history').hidden = false
  }

  hideHistory() {
    this.find('.history').hidden = true
  }

  async submit(event) {
    event.preventDefault()
    const text = this.find('textarea').value.trim()
    const [file] = this.find('[type=file]').files
    if (!text || this.running) return
    const attachments = file ? [(await this.backend.upload(file)).id] : []
    this.find('form').reset()
    await this.sendUserMessage({ text, attachments })
  }

  sendUserMessage({ text, attachments = [] }) {
    const input = { content: [{ type: 'input_text', text }], attachments, inference_options: {} }
    return this.thread
      ? this.respond('threads.add_user_message', { thread_id: this.thread.id, input })
      : this.respond('threads.create', { input })
  }

  async respond(type, params) {
    this.running = new AbortController()
    this.find('[data-do=stop]').hidden = false
    this.find('.start').hidden = true
    this.find('[role=alert]')?.remove()
    this.tell('response.start')
    try {
      await this.backend.stream(type, params, (event) => this.apply(event), this.running.signal)
    } catch (error) {
      if (error.name !== 'AbortError') {
        this.notice('Something went wrong.')
        this.tell('error', { error })
      }
    } finally {
      this.running = null
      this.find('[data-do=stop]').hidden = true
      this.tell('response.end')
    }
  }

  apply(event) {
    switch (event.type) {
      case 'thread.created':
        this.enter(event.thread)
        this.tell('thread.change', { threadId: event.thread.id })
        break
      case 'thread.updated':
        this.enter(event.thread)
        break
      case 'thread.item.added':
      case 'thread.item.done':
      case 'thread.item.replaced':
        this.put(event.item)
        break
      case 'thread.item.updated':
        if (event.update.delta) this.message(event.item_id).append(event.update.delta)
        break
      case 'thread.item.removed':
        this.message(event.item_id)?.remove()
        break
      case 'error':
        this.notice(event.message ?? 'Something went wrong.', event.allow_retry)
        break
      case 'notice':
        this.notice(event.message)
        break
    }
  }

  enter(thread) {
    this.thread = thread
    this.find('h2').textContent = thread ? (thread.title ?? 'Untitled') : 'New chat'
    this.find('.start').hidden = thread !== null
  }

  /** Show an item at the place of the one with its id, or at the end. */
  put(item) {
    if (!['user_message', 'assistant_message'].includes(item.type)) return
    const article = document.createElement('article')
    article.dataset.id = item.id
    article.dataset.role = item.type.split('_')[0]
    article.textContent = item.content.map((part) => part.text).join('')
    for (const file of item.attachments ?? []) article.append(` 📎 ${file.name}`)
    const old = this.message(item.id)
    if (old) old.replaceWith(article)
    else this.find('.messages').append(article)
    article.scrollIntoView({ block: 'nearest' })
  }

  message(id) {
    return this.find(`article[data-id="${CSS.escape(id)}"]`)
  }

  notice(text, allowRetry = false) {
    const box = document.createElement('div')
    box.setAttribute('role', 'alert')
    box.textContent = text
    const asked = [...this.shadowRoot.querySelectorAll('article[data-role=user]')].at(-1)
    if (allowRetry && asked) {
      const params = { thread_id: this.thread?.id, item_id: asked.dataset.id }
      box.append(' ', button('Retry', () => this.respond('threads.retry_after_item', params)))
    }
    this.find('.messages').append(box)
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`chatkit.${name}`, { detail }))
  }
}

function button(text, click) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  made.addEventListener('click', click)
  return made
}

customElements.define('openai-chatkit', OpenAIChatKit)
