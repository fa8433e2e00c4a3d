// Tells how long each file of tests took, its browser included.
export default async function* times(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:complete' || data.name !== data.file) continue;
    const seconds = (data.details.duration_ms / 1000).toFixed(1);
    yield `# ${seconds.padStart(6)} s  ${data.file.split('/').at(-1)}\n`;
  }
}
