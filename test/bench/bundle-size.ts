import { bundled, listAccessList } from './bundled.ts';
import { type Report, table } from './report.ts';

/** What a function brings along, by where it comes from. */
export async function bundleSize(): Promise<Report> {
  const { parts } = await bundled(listAccessList);
  const total = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  const sizes = Object.entries(parts)
    .filter(([, bytes]) => bytes >= 500)
    .map(([part, bytes]) => [part, `${(bytes / 1e3).toFixed(1)} kB`]);
  return {
    rows: [{ name: 'bundle', ours: `${(total / 1e6).toFixed(2)} MB`, against: '', bar: '≤ 0.9 MB' }],
    notes: table(['the bundle by part', 'size'], sizes),
  };
}
