import { AfterViewInit, Component, CUSTOM_ELEMENTS_SCHEMA, ElementRef, ViewChild } from '@angular/core';
import type { ChatKitOptions, OpenAIChatKit } from '@openai/chatkit';

const THREAD = 'ledger-thread';

@Component({
  selector: 'app-root',
  standalone: true,
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<openai-chatkit #chat (chatkit.thread.change)="keep($event)" style="display: block; height: 600px"></openai-chatkit>`,
})
export class ChatComponent implements AfterViewInit {
  @ViewChild('chat') chat!: ElementRef<OpenAIChatKit>;

  async ngAfterViewInit(): Promise<void> {
    await customElements.whenDefined('openai-chatkit');
    const options: ChatKitOptions = {
      api: { url: 'http://localhost:8000/chatkit', domainKey: 'local-dev' },
      initialThread: localStorage.getItem(THREAD),
      startScreen: { prompts: [{ label: 'Last invoice', prompt: 'Show the last invoice' }] },
    };
    this.chat.nativeElement.setOptions(options);
  }

  keep(event: Event): void {
    const { threadId } = (event as CustomEvent<{ threadId: string | null }>).detail;
    if (threadId) localStorage.setItem(THREAD, threadId);
    else localStorage.removeItem(THREAD);
  }
}
