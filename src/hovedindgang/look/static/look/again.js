// A form that was given back is sent with the token of the sign-in that has been made since, in another tab.
// Without this file the first press brings the same page with a new token, and the second sends it.

document.addEventListener("submit", (event) => {
  const name = "practice" in document.documentElement.dataset ? "csrftoken_practice" : "csrftoken";
  const token = document.cookie.match(`(?:^|; )(?:__Host-)?${name}=([^;]+)`)?.[1];
  if (event.target.matches("[data-again]") && token) event.target.elements.csrfmiddlewaretoken.value = token;
});
