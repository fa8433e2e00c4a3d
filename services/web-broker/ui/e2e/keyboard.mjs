// Somebody without a mouse: nothing is pressed but keys, and the focus goes where they bring it.
import assert from 'node:assert/strict';

const STEPS_MOST = 400;

export class Keys {
  #page;

  constructor(page) {
    this.#page = page;
  }

  /** Presses Tab until what has the focus fits `wanted`: `id`, `login`, or the beginning of a `text` and the `role` around. */
  async reach(wanted) {
    for (let presses = 0; presses < STEPS_MOST; presses++) {
      if (await this.#page.evaluate(here, wanted)) return;
      await this.#page.keyboard.press('Tab');
    }
    assert.fail(`${JSON.stringify(wanted)} is not reached by keyboard`);
  }

  async press(wanted, key = 'Enter') {
    await this.reach(wanted);
    await this.#page.keyboard.press(key);
  }

  async presses(text) {
    await this.press({ text });
  }

  /** Reaches a field and types; of a list, the letters bring the choice. */
  async type(id, value) {
    await this.reach({ id });
    const { keyboard } = this.#page;
    const [select, full, offers] = await this.#page.evaluate(() => {
      const { localName, role, value } = document.activeElement;
      return [localName === 'select', value !== '', role === 'combobox'];
    });
    if (full && !select) await keyboard.press('Control+A');
    await keyboard.type(value);
    // What is offered is left aside.
    if (offers) await keyboard.press('Escape');
  }
}

/** Whether what has the focus is what is wanted; run inside the page. */
function here({ id, login, text, href }) {
  const element = document.activeElement;
  if (!element) return false;
  if (id) return element.id === id;
  if (login) return element.dataset.login === login;
  if (href) return element.getAttribute('href')?.startsWith(href) ?? false;
  const named = element.getAttribute('aria-label') ?? element.textContent ?? '';
  return element.matches('button, a, summary') && named.trim().startsWith(text);
}
