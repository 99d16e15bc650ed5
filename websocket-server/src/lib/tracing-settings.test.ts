import { expect, test } from 'vitest';
import { EnvironmentReader } from './environment-reader.ts';
import { readTracing } from './tracing-settings.ts';

function tracing(environment: Record<string, string>) {
  const reader = new EnvironmentReader(environment);
  return { settings: readTracing(reader), problems: reader.problems };
}

test('without an endpoint nothing is traced', () => {
  expect(tracing({ OTEL_SERVICE_NAME: 'phone' })).toEqual({ settings: null, problems: [] });
});

test('the common endpoint gets the path of traces, the one for traces is taken as it is', () => {
  const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318/' };
  expect(tracing(base).settings?.url).toBe('http://localhost:4318/v1/traces');
  const both = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/otlp' };
  expect(tracing(both).settings?.url).toBe('https://traces.example/otlp');
});

test('tracing can be switched off with an endpoint set', () => {
  const off = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_SDK_DISABLED: 'true' };
  expect(tracing(off).settings).toBeNull();
});

test('headers and attributes are decoded, and the service name has the last word', () => {
  const { settings, problems } = tracing({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, tenant=a',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'tenant=b',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,place=home',
    OTEL_SERVICE_NAME: 'phone',
  });
  expect(problems).toEqual([]);
  expect(settings?.headers).toEqual({ authorization: 'Bearer x', tenant: 'b' });
  expect(settings?.resourceAttributes['place']).toBe('home');
  expect(settings?.serviceName).toBe('phone');
});

test.each([
  { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4317' },
  { OTEL_EXPORTER_OTLP_HEADERS: 'Bearer x' },
  { OTEL_TRACES_SAMPLER: 'sometimes' },
  { OTEL_TRACES_SAMPLER_ARG: '2' },
])('%o is a problem that is told', (environment) => {
  expect(tracing(environment).problems).toHaveLength(1);
});
