// Runs pages/confirmation.js as a browser would, its form sent: node press.mjs SCRIPT SEARCH PASSWORD ANSWER|away
const [script, search, typed, answer] = process.argv.slice(2);
const asked = [];
const element = () => ({ textContent: '', hidden: true, value: '', addEventListener(_, act) { this.send = act; } });
const elements = { '#told': element(), '#confirm': element(), '#password': element() };
const { '#told': told, '#confirm': form, '#password': password } = elements;
globalThis.document = { querySelector: (id) => elements[id] };
globalThis.location = { search, pathname: '/confirmation' };
globalThis.history = { replaceState: (_, __, address) => asked.push(['shows', address]) };
globalThis.fetch = async (url, request) => {
  asked.push([url, JSON.parse(request.body)]);
  if (answer === 'away') throw new TypeError('away');
  return { json: async () => JSON.parse(answer) };
};
await import(script);
const offered = !form.hidden;
password.value = typed;
let stays = false;
if (form.send) await form.send({ preventDefault: () => { stays = true; } });
console.log(JSON.stringify({ offered, asked, stays, told: told.textContent, again: !form.hidden }));
