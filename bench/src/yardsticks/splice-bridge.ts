import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { sessionSettings } from './session-settings.ts';

// The second yardstick: what a bridge costs that passes the base64 text of the audio on as it is, and does no more
// than a phone call needs: a mark behind each piece, clear and truncate when the person breaks in. No checks, no
// record, no tools; words that are said before the model is there are lost.

const { PORT = '0', OPENAI_BASE_URL = '' } = process.env;
const modelUrl = `${OPENAI_BASE_URL.replace(/^http/, 'ws')}/realtime?model=bench`;
const plain = { perMessageDeflate: false, skipUTF8Validation: true };
const asText = { binary: false, compress: false };

const appendHead = Buffer.from('{"type":"input_audio_buffer.append","audio":"');
const appendTail = Buffer.from('"}');
const mediaTail = Buffer.from('"}}');
/** Types stand in front: this much of a message tells what it is. */
const headBytes = 120;

function spliced(head: Buffer, message: Buffer, name: string, tail: Buffer): Buffer | undefined {
  const start = message.indexOf(name);
  if (start === -1) return undefined;
  const from = start + name.length;
  const to = message.indexOf('"', from);
  const length = to - from;
  const result = Buffer.allocUnsafe(head.length + length + tail.length);
  head.copy(result);
  message.copy(result, head.length, from, to);
  tail.copy(result, head.length + length);
  return result;
}

function textField(message: string, name: string): string {
  const from = message.indexOf(name) + name.length;
  return message.slice(from, message.indexOf('"', from));
}

function bridge(phone: WebSocket): void {
  let model: WebSocket | undefined;
  let streamSid = '';
  let mediaHead = Buffer.alloc(0);
  let waitingMarks = 0;
  let playedItem = '';
  let playedResponse = '';
  let barred = '';
  let playingSince = 0;
  let markNumber = 0;

  function fromModel(message: Buffer): void {
    const head = message.toString('latin1', 0, headBytes + 200);
    if (head.includes('"response.output_audio.delta"')) {
      const response = textField(head, '"response_id":"');
      if (response === barred) return;
      const media = spliced(mediaHead, message, '"delta":"', mediaTail);
      if (media === undefined) return;
      if (response !== playedResponse) {
        playedResponse = response;
        playedItem = textField(head, '"item_id":"');
        playingSince = performance.now();
      }
      phone.send(media, asText);
      markNumber += 1;
      waitingMarks += 1;
      phone.send(`{"event":"mark","streamSid":"${streamSid}","mark":{"name":"${markNumber}"}}`);
    } else if (head.includes('"input_audio_buffer.speech_started"') && waitingMarks > 0) {
      phone.send(`{"event":"clear","streamSid":"${streamSid}"}`);
      barred = playedResponse;
      waitingMarks = 0;
      const audio_end_ms = Math.floor(performance.now() - playingSince);
      model?.send(
        JSON.stringify({
          type: 'conversation.item.truncate',
          item_id: playedItem,
          content_index: 0,
          audio_end_ms,
        }),
      );
    }
  }

  phone.on('message', (message: Buffer) => {
    const head = message.toString('latin1', 0, headBytes);
    if (head.includes('"event":"media"')) {
      if (model?.readyState !== WebSocket.OPEN) return;
      const append = spliced(appendHead, message, '"payload":"', appendTail);
      if (append !== undefined) model.send(append, asText);
    } else if (head.includes('"event":"mark"')) {
      waitingMarks = Math.max(0, waitingMarks - 1);
    } else if (head.includes('"event":"start"')) {
      streamSid = textField(head, '"streamSid":"');
      mediaHead = Buffer.from(`{"event":"media","streamSid":"${streamSid}","media":{"payload":"`);
      const opened = new WebSocket(modelUrl, { ...plain, headers: { authorization: 'Bearer bench' } });
      opened.on('open', () => opened.send(JSON.stringify(sessionSettings)));
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
const sockets = new WebSocketServer({ server, path: '/call', clientTracking: false, ...plain });
sockets.on('connection', bridge);
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
