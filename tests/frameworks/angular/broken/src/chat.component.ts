import { AfterViewInit, Component, CUSTOM_ELEMENTS_SCHEMA, ElementRef, ViewChild } from '@angular/core';
import { ChatKitOptions, OpenAIChatKit } from '@openai/chatkit';

@Component({
  selector: 'app-root',
  standalone: true,
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<openai-chatkit #chat style="display: block; height: 600px"></openai-chatkit>`,
})
export class ChatComponent implements AfterViewInit {
  @ViewChild('chat') chat!: ElementRef<OpenAIChatKit>;

  ngAfterViewInit(): void {
    const options: any = {
      api: { url: 'http://localhost:8000/chatkit' }, // expect: CK401 "api"
      startScreen: { prompts: [{ name: 'Last invoice', prompt: 'Show the last invoice' }] }, // expect: CK404 "name"
    };
    this.chat.nativeElement.setOptions(options as ChatKitOptions); // expect: CK409 "setOptions" stays
  }
}
