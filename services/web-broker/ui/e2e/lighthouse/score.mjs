// The accessibility of a page as Lighthouse judges it, as it stands in the browser of the journeys: nothing is loaded anew.
import { snapshot } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const CONFIG = {
  extends: 'lighthouse:default',
  settings: {
    onlyCategories: ['accessibility'],
    formFactor: 'desktop',
    // The screen stays as the person at it has it.
    screenEmulation: { disabled: true },
    throttlingMethod: 'provided',
  },
};

/** Connects to the browser that listens at `port`; `score` then judges the page at an address. */
export async function judge(port) {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  return {
    /** The score, from 0 to 1, and what is missing from 1 in words. */
    score: async (url) => {
      const target = browser.targets().find((one) => one.type() === 'page' && one.url() === url);
      const page = await target.page();
      const { lhr } = await snapshot(page, { config: CONFIG });
      const failed = Object.values(lhr.audits)
        .filter(({ score }) => score !== null && score < 1)
        .map(
          ({ id, details }) =>
            `${id}: ${(details?.items ?? []).map(({ node }) => node?.snippet).join(' | ')}`,
        );
      return { score: lhr.categories.accessibility.score, failed };
    },
    leave: () => browser.disconnect(),
  };
}
