// Gives a file to the person: what the suite serves or what the page has made.

/** Saves `content` under `name`, as a download. */
export function saveAs(content: Blob | string, name: string, type = 'application/octet-stream'): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
