// A page that only leads on goes on by itself. Without this file one presses the button.

document.getElementById("onward").requestSubmit();
