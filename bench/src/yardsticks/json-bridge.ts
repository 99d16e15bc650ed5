import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { sessionSettings } from './session-settings.ts';

// The first yardstick: the bridge as samples write it. Each message is parsed and each is written anew.

const { PORT = '0', OPENAI_BASE_URL = '' } = process.env;
const modelUrl = `${OPENAI_BASE_URL.replace(/^http/, 'ws')}/realtime?model=bench`;

interface FromPhone {
  readonly event: string;
  readonly start?: { readonly streamSid: string };
  readonly media?: { readonly payload: string };
}

interface FromModel {
  readonly type: string;
  readonly delta: string;
  readonly item_id: string;
  readonly response_id: string;
}

function bridge(phone: WebSocket): void {
  let model: WebSocket | undefined;
  let streamSid = '';
  let played = { itemId: '', responseId: '', since: 0 };
  let barred = '';
  let marks: string[] = [];
  let markNumber = 0;

  const send = (socket: WebSocket | undefined, message: object) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  function fromModel(data: Buffer): void {
    const message = JSON.parse(data.toString()) as FromModel;
    if (message.type === 'response.output_audio.delta') {
      if (message.response_id === barred) return;
      if (message.response_id !== played.responseId) {
        played = { itemId: message.item_id, responseId: message.response_id, since: performance.now() };
      }
      markNumber += 1;
      marks.push(String(markNumber));
      send(phone, { event: 'media', streamSid, media: { payload: message.delta } });
      send(phone, { event: 'mark', streamSid, mark: { name: String(markNumber) } });
    } else if (message.type === 'input_audio_buffer.speech_started' && marks.length > 0) {
      send(phone, { event: 'clear', streamSid });
      barred = played.responseId;
      marks = [];
      const audio_end_ms = Math.floor(performance.now() - played.since);
      send(model, {
        type: 'conversation.item.truncate',
        item_id: played.itemId,
        content_index: 0,
        audio_end_ms,
      });
    }
  }

  phone.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as FromPhone;
    if (message.event === 'media') {
      send(model, { type: 'input_audio_buffer.append', audio: message.media?.payload });
    } else if (message.event === 'mark') {
      marks.shift();
    } else if (message.event === 'start') {
      streamSid = message.start?.streamSid ?? '';
      const opened = new WebSocket(modelUrl, {
        perMessageDeflate: false,
        headers: { authorization: 'Bearer bench' },
      });
      opened.on('open', () => send(opened, sessionSettings));
      opened.on('message', fromModel);
      opened.on('error', () => phone.close());
      opened.on('close', () => phone.close());
      model = opened;
    }
  });
  phone.on('error', () => {});
  phone.on('close', () => model?.close());
}

const server = createServer((_request, response) => response.end('ok'));
const sockets = new WebSocketServer({ server, path: '/call', perMessageDeflate: false });
sockets.on('connection', bridge);
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
