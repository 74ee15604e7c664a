// The link of a mail, and a password where the page asks for one: only who has both is heard.
// Not by the page itself: programs that read mails follow links, and the token serves once. Somebody presses a button.
const told = document.querySelector('#told');
const form = document.querySelector('#link');
const password = document.querySelector('#password');
const token = new URLSearchParams(location.search).get('token');
const LATER = 'Le service ne répond pas : réessayez dans un instant.';

// `data-document`: a file of gateway/persisted, by its SHA-256, for production answers no other text. `data-done`: what
// to tell once it is done. `data-once`: the variable that takes a key, if what is asked has one.
const { document: documentId, done, once } = form.dataset;
const variables = { token };
if (once) variables[once] = crypto.randomUUID();

if (token) {
  // The token stays in this page: not in the history, nor in what the browser tells the next page.
  history.replaceState(null, '', location.pathname);
  form.hidden = false;
  form.addEventListener('submit', send);
} else {
  told.textContent = 'Le lien est incomplet : ouvrez-le depuis l’e-mail, en entier.';
}

async function send(event) {
  event.preventDefault();
  const { text, over } = await answer();
  told.textContent = text;
  form.hidden = over;
}

/** What to tell, and whether there is nothing more to do here. */
async function answer() {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId, variables: { ...variables, ...(password && { [password.name]: password.value }) } }),
    });
    const { data, errors } = await response.json();
    if (errors?.length) return { text: errors[0].message, over: false };
    const [result] = Object.values(data);
    if (!result.message) return { text: done, over: true };
    // Another password may be typed; a link that served or is too old leads nowhere.
    return { text: result.message, over: result.__typename === 'InvalidToken' };
  } catch {
    return { text: LATER, over: false };
  }
}
