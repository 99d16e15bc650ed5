import type { EnvironmentReader } from './environment-reader.ts';

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Where traces of calls go, by the standard variables of OpenTelemetry. */
export interface TracingSettings {
  /** Takes OTLP over HTTP, e.g. `http://localhost:4318/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly sampler: (typeof samplers)[number];
  /** Share of traces that the samplers with a ratio keep, 0 to 1. */
  readonly ratio: number;
}

/**
 * Names and defaults are those of the OpenTelemetry specification (SDK environment variables, OTLP exporter).
 *
 * @returns null when no endpoint is set, or tracing is switched off
 */
export function readTracing(reader: EnvironmentReader): TracingSettings | null {
  const isDisabled = reader.text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  const base = readAddress(reader, 'OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318');
  const whole = readAddress(reader, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://localhost:4318/v1/traces');
  const attributes = readPairs(reader, 'OTEL_RESOURCE_ATTRIBUTES');
  const settings: TracingSettings = {
    url: whole ?? `${base}/v1/traces`,
    headers: {
      ...readPairs(reader, 'OTEL_EXPORTER_OTLP_HEADERS'),
      ...readPairs(reader, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
    },
    serviceName: reader.text('OTEL_SERVICE_NAME') ?? attributes['service.name'] ?? 'mcp-telephone',
    resourceAttributes: attributes,
    sampler: reader.oneOf('OTEL_TRACES_SAMPLER', 'parentbased_always_on', samplers),
    ratio: readRatio(reader),
  };
  return isDisabled || (base ?? whole) === undefined ? null : settings;
}

function readAddress(reader: EnvironmentReader, variable: string, example: string): string | undefined {
  return reader.text(variable) === undefined ? undefined : reader.httpUrl(variable, example);
}

function readRatio(reader: EnvironmentReader): number {
  const text = reader.text('OTEL_TRACES_SAMPLER_ARG');
  const ratio = Number(text ?? 1);
  if (ratio >= 0 && ratio <= 1) return ratio;
  reader.problem('OTEL_TRACES_SAMPLER_ARG', 'Set it to the share of traces to keep, from 0 to 1, e.g. 0.1.');
  return 1;
}

function readPairs(reader: EnvironmentReader, variable: string): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const item of reader.list(variable)) {
    const at = item.indexOf('=');
    const value = decoded(item.slice(at + 1).trim());
    if (at > 0 && value !== undefined) pairs[item.slice(0, at).trim()] = value;
    else {
      reader.problem(
        variable,
        'Write key=value with commas between, percent-encoded where need be, e.g. a=1,b=x%20y.',
      );
    }
  }
  return pairs;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
