import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Sampler, SpanExporter } from '@opentelemetry/sdk-trace';
import type { CallControl } from '../control/call-control.ts';
import type { Log } from '../lib/log.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { TracingSettings } from '../lib/tracing-settings.ts';
import { CallSpans } from './call-spans.ts';

const longestFlushMs = 5000;

/**
 * Follows the event log and sends a trace of each call to an OTLP receiver. The live call knows nothing of it. A call
 * that began before this process did is traced no further.
 *
 * @returns sends what is left, for 5 s at most, and stops
 */
export function traceCalls(
  control: CallControl,
  settings: TracingSettings,
  { clock, log }: Runtime,
  version: string,
): () => Promise<void> {
  const exporter = new OTLPTraceExporter({ url: settings.url, headers: { ...settings.headers } });
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.version': version,
        ...settings.resourceAttributes,
        'service.name': settings.serviceName,
      }),
    ),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter: tellingOfFailure(exporter, log) })],
  });
  const tracer = provider.getTracer('mcp-telephone', version);
  const startedAt = clock.now();
  const calls = new Map<string, CallSpans>();
  const unwatch = control.watch(
    { isPatient: true },
    {
      event(event) {
        if (event.at < startedAt) return;
        const spans = calls.get(event.callId);
        if (spans?.add(event)) calls.delete(event.callId);
        else if (spans === undefined && (event.type === 'call-requested' || event.type === 'call-arrived')) {
          calls.set(event.callId, new CallSpans(tracer, event));
        }
      },
      hint() {},
      caughtUp() {},
      isSlow: () => false,
      onDropped: () => log.warn('tracing lost the event log: calls are traced again after a restart'),
    },
  );
  return async () => {
    unwatch();
    for (const spans of calls.values()) spans.abandon(clock.now());
    const flushed = provider.shutdown().catch((err: unknown) => log.warn('traces were lost', { err }));
    let stopWaiting = () => {};
    const waited = new Promise<void>((resolve) => {
      stopWaiting = clock.after(longestFlushMs, resolve);
    });
    await Promise.race([flushed, waited]);
    stopWaiting();
  };
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  const [, isParentBased, name] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const root =
    name === 'always_off'
      ? new AlwaysOffSampler()
      : name === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return isParentBased === undefined ? root : new ParentBasedSampler({ root });
}

/** The SDK tells failures only to its process-wide logger. An outage is told once, when it begins. */
function tellingOfFailure(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined && !isFailing) {
          log.warn('traces cannot be delivered: check OTEL_EXPORTER_OTLP_ENDPOINT', { err: result.error });
        }
        isFailing = result.error !== undefined;
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
