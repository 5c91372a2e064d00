// A certified OpenID Connect provider (npm: oidc-provider) on loopback, with people whom the tests invent and change.
// Its settings come as one line of JSON on standard input; it answers with its port. It ends when its input ends.

import http from "node:http";
import readline from "node:readline";
import { Provider } from "oidc-provider";

const given = await new Promise((read) => readline.createInterface({ input: process.stdin }).once("line", (line) => read(JSON.parse(line))));
process.stdin.on("end", () => process.exit()).resume();

const people = new Map(Object.entries(given.people));
const server = http.createServer();
await new Promise((up) => server.listen(0, "127.0.0.1", up));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: given.clients,
  jwks: given.jwks,
  cookies: { keys: ["only for tests"] },
  claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups", "acr", "amr"], email: ["email"] },
  conformIdTokenClaims: false,
  scopes: ["openid", "profile", "email", "offline_access"],
  clockTolerance: 60,
  // Its own keeps away from loopback, where all of this is.
  fetch: (address, { dispatcher, ...options }) => globalThis.fetch(address, options),
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  issueRefreshToken: async () => true,
  ttl: { AccessToken: 3600, AuthorizationCode: 60, IdToken: 3600, RefreshToken: 36000, Session: 36000, Grant: 36000, Interaction: 600 },
  async findAccount(context, id) {
    const claims = people.get(id);
    return claims && { accountId: id, claims: async () => ({ sub: id, ...claims }) };
  },
  async loadExistingGrant(context) {
    const { Grant } = context.oidc.provider;
    const { acr, amr } = people.get(context.oidc.session.accountId) ?? {};
    Object.assign(context.oidc.session, { acr, amr }); // how surely they sign in is said of them, too
    const grant = new Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
    grant.addOIDCScope("openid profile email offline_access");
    await grant.save();
    return grant;
  },
});
const answered = provider.callback();

server.on("request", (request, response) => {
  if (request.url !== "/people" || request.method !== "PUT") return answered(request, response);
  let body = "";
  request.on("data", (part) => (body += part)).on("end", () => {
    for (const [id, claims] of Object.entries(JSON.parse(body))) claims ? people.set(id, claims) : people.delete(id);
    response.end();
  });
});
console.log(JSON.stringify({ issuer }));
