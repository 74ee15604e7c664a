// Runs pages/confirmation.js as a browser would, its button pressed: node press.mjs SCRIPT SEARCH ANSWER|away
const [script, search, answer] = process.argv.slice(2);
const asked = [];
const element = () => ({ textContent: '', hidden: true, addEventListener(_, act) { this.press = act; } });
const told = element();
const button = element();
globalThis.document = { querySelector: (id) => (id === '#told' ? told : button) };
globalThis.location = { search, pathname: '/confirmation' };
globalThis.history = { replaceState: (_, __, address) => asked.push(['shows', address]) };
globalThis.fetch = async (url, request) => {
  asked.push([url, JSON.parse(request.body).variables]);
  if (answer === 'away') throw new TypeError('away');
  return { json: async () => JSON.parse(answer) };
};
await import(script);
const offered = !button.hidden;
if (button.press) await button.press();
console.log(JSON.stringify({ offered, asked, told: told.textContent, again: !button.hidden }));
