// A page that a script opened may close itself; the text stays for those that may not.
window.close();
