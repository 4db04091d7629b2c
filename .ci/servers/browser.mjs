// Walks through the demo in a real browser: `node browser.mjs http://127.0.0.1:PORT`, the address of a running `acf serve`.
//
// Exits with 0 if every page said what it should. CHROMIUM names the browser (/usr/bin/chromium where it is not set),
// ACF_SCREENSHOTS a folder for a picture of each page: wide and narrow, light and dark.
//
// Ends, with the browser, when its standard input does: whoever starts it holds the other end of that pipe.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';

import puppeteer from 'puppeteer-core';

const home = process.argv[2];
const pictures = process.env.ACF_SCREENSHOTS;
const WIDE = 1100;
const NARROW = 390;

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  // Over a pipe, so that the browser ends with this process.
  pipe: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--force-prefers-reduced-motion',
    // Nothing but this machine: a page that loads something from elsewhere fails.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
});
process.stdin.resume();
process.stdin.on('close', () => browser.close().finally(() => process.exit(1)));

// A browser window of its own: no cookies, no history.
class Visitor {
  static async arrive(name, { script }) {
    const visitor = new Visitor();
    visitor.name = name;
    visitor.complaints = [];
    visitor.callbacks = [];
    visitor.context = await browser.createBrowserContext();
    visitor.page = await visitor.context.newPage();
    await visitor.page.setJavaScriptEnabled(script);
    await visitor.page.setViewport({ width: WIDE, height: 800 });
    await visitor.listen();
    return visitor;
  }

  async listen() {
    this.page.on('console', (message) => {
      // What a page of a problem has to be: an error status.
      const status = /^Failed to load resource: the server responded with a status of 4/.test(message.text());
      if (['error', 'warn'].includes(message.type()) && !status) this.complaints.push(message.text());
    });
    this.page.on('pageerror', (error) => this.complaints.push(String(error)));
    this.page.on('requestfailed', (request) => {
      this.complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
    });
    this.page.on('response', (response) => {
      if (response.status() >= 500) this.complaints.push(`${response.url()} answered ${response.status()}`);
    });
    this.page.on('request', (request) => {
      if (request.url().startsWith(`${home}/callback/`)) this.callbacks.push(request.url());
    });
    const devtools = await this.page.createCDPSession();
    devtools.on('Audits.issueAdded', ({ issue }) => {
      if (issue.code === 'ContentSecurityPolicyIssue') this.complaints.push(JSON.stringify(issue.details));
    });
    await devtools.send('Audits.enable');
  }

  async open(path) {
    this.status = (await this.page.goto(new URL(path, home).href)).status();
    await this.look();
  }

  async click(label) {
    // A link or a button that begins with these words; a button may hold more than its name.
    const handles = await this.page.$$('a, button');
    for (const handle of handles) {
      const text = await handle.evaluate((element) => {
        const heard = element.cloneNode(true);
        heard.querySelectorAll('[aria-hidden]').forEach((hidden) => hidden.remove());
        return heard.textContent.trim();
      });
      if (text.startsWith(label)) return this.move(() => handle.click());
    }
    assert.fail(`${this.name}: nothing says “${label}” on ${this.page.url()}:\n${this.text}`);
  }

  back() {
    return this.move(() => this.page.goBack());
  }

  reload() {
    return this.move(() => this.page.reload());
  }

  async move(act) {
    const [response] = await Promise.all([this.page.waitForNavigation(), act()]);
    this.status = response?.status();
    await this.look();
  }

  // What holds for every page, and what is on this one.
  async look() {
    const seen = await this.page.evaluate(() => ({
      text: document.body.innerText,
      headings: document.querySelectorAll('h1').length,
      scripts: document.querySelectorAll('script').length,
      language: document.documentElement.lang,
      title: document.title,
    }));
    this.text = seen.text;
    const where = `${this.name}: ${this.page.url()}`;
    assert.deepEqual([seen.headings, seen.scripts, seen.language], [1, 0, 'en'], `${where}: one h1, no script, a language`);
    assert.ok(seen.title, `${where}: no title`);
    assert.ok(!this.page.url().startsWith(`${home}/callback/`), `${where}: the code stays in the address bar`);
    assert.deepEqual(this.complaints, [], where);
  }

  says(...texts) {
    for (const text of texts) {
      assert.ok(this.text.includes(text), `${this.name}: “${text}” is not on ${this.page.url()}:\n${this.text}`);
    }
  }

  fact(label) {
    return this.page.$$eval('dt', (terms, label) => {
      return terms.find((term) => term.innerText.trim() === label)?.nextElementSibling.innerText;
    }, label);
  }

  // Does nothing where there is no folder for pictures, except that nothing may stick out of a narrow page.
  async picture(name) {
    for (const width of [WIDE, NARROW]) {
      await this.page.setViewport({ width, height: 800 });
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${this.name}: ${this.page.url()} is ${wide} pixels wide on a screen of ${width}`);
      for (const scheme of pictures ? ['light', 'dark'] : []) {
        await this.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await this.page.screenshot({ path: `${pictures}/${name}-${width}-${scheme}.png`, fullPage: true });
      }
    }
    await this.page.setViewport({ width: WIDE, height: 800 });
  }
}

async function connect(visitor, picture) {
  await visitor.open('/');
  visitor.says('Connect an account', 'Not connected');
  await picture(visitor, 'home');

  await visitor.click('Connect Demo');
  visitor.says('Log in', 'Choose an account');
  await picture(visitor, 'login');
  await visitor.click('Ada Lovelace');
  visitor.says('Allow access?', 'Ada Lovelace', 'logged in here');
  await picture(visitor, 'consent');
  await visitor.click('Allow');
  assert.equal(visitor.page.url(), `${home}/connections/demo?done=connected`);
  visitor.says('You are connected.', 'Connected as Ada Lovelace', 'Access token');
  await picture(visitor, 'connected');
}

async function use(visitor, picture) {
  await visitor.click('Call the API');
  visitor.says('The API was called', 'What the API answered');
  await picture(visitor, 'called');

  const tokens = async () => [await visitor.fact('Access token'), await visitor.fact('Refresh token')];
  const before = await tokens();
  await visitor.click('Refresh');
  visitor.says('The token was refreshed');
  const after = await tokens();
  before.forEach((token, at) => assert.notEqual(token, after[at], 'both tokens are new'));
  await picture(visitor, 'refreshed');
  await visitor.reload();
  assert.deepEqual(await tokens(), after, 'reloading the page refreshes nothing');
  await visitor.click('Call the API');
  visitor.says('The API was called');

  await visitor.open('/');
  visitor.says('Connected as Ada Lovelace');
  await picture(visitor, 'home-connected');
}

// Everything that leads to a login a second time, while connected.
async function again(visitor, picture) {
  const still = ['This login is over', 'You are still connected to Demo'];
  await visitor.open(visitor.callbacks.at(-1));
  visitor.says(...still);
  assert.equal(visitor.status, 400);
  await picture(visitor, 'spent');
  await visitor.reload();
  visitor.says(...still);
  await visitor.click('Go to your connection');
  visitor.says('Connected as Ada Lovelace');
}

// The Back button, right after success.
async function goBack(visitor) {
  await visitor.back();
  visitor.says('Allow access?');
  await visitor.click('Allow');
  visitor.says('This login is over', 'You are still connected to Demo');
  await visitor.click('Go to your connection');
  visitor.says('Connected as Ada Lovelace');
}

async function disconnect(visitor, picture) {
  await visitor.open('/connections/demo');
  await visitor.click('Disconnect');
  visitor.says('Disconnected', 'The token was revoked at Demo and forgotten here.');
  await picture(visitor, 'disconnected');
  await visitor.open('/connections/demo');
  visitor.says('Not connected', 'Nothing is connected to Demo');
  assert.equal(visitor.status, 404);
}

async function deny(visitor, picture) {
  await visitor.open('/');
  await visitor.click('Connect Demo');
  visitor.says('Allow access?');
  await visitor.click('Deny');
  visitor.says('You did not allow access', 'Try again');
  await picture(visitor, 'denied');
  await visitor.open('/connections/demo');
  visitor.says('Not connected');
}

// A login that was begun here is finished by a link there: refused there, and still good here.
async function forge(visitor, picture, script) {
  await visitor.open('/');
  await visitor.click('Connect Demo');
  const state = new URL(visitor.page.url()).searchParams.get('state');
  const other = await Visitor.arrive(`${visitor.name}, another browser`, { script });
  await other.open(`/callback/demo?code=stolen&state=${state}`);
  other.says('This login began somewhere else');
  await picture(other, 'other-browser');
  await visitor.click('Allow');
  visitor.says('You are connected.');
  await visitor.click('Disconnect');
  visitor.says('The token was revoked at Demo');
  await other.context.close();
}

async function lost(visitor, picture) {
  await visitor.open('/nowhere');
  visitor.says('Page not found');
  await picture(visitor, 'not-found');
}

try {
  assert.ok(home, 'the address of the demo is missing');
  if (pictures) mkdirSync(pictures, { recursive: true });
  for (const script of [true, false]) {
    const visitor = await Visitor.arrive(script ? 'with scripts' : 'without scripts', { script });
    // Once is enough for pictures.
    const picture = script ? (whose, name) => whose.picture(name) : () => {};
    await connect(visitor, picture);
    await goBack(visitor);
    await use(visitor, picture);
    await again(visitor, picture);
    await disconnect(visitor, picture);
    await deny(visitor, picture);
    await forge(visitor, picture, script);
    await lost(visitor, picture);
    console.log(`${visitor.name}: every page was as it should be`);
    await visitor.context.close();
  }
  process.exitCode = 0;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
  process.exit();
}
