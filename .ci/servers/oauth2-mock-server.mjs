// An authorization server on loopback: `node oauth2-mock-server.mjs [PORT]`, where no port or 0 means any free one.
//
// Prints `ready http://127.0.0.1:PORT` once it answers, and ends when its standard input does: whoever starts it holds the
// other end of that pipe, so it cannot outlive them. By hand: leave the terminal as its input, or `sleep 1h | node ...`.
//
// oauth2-mock-server as it is: it knows no clients and no people, takes token requests in JSON as well, calls itself
// `http://localhost:PORT` although it listens at 127.0.0.1, sends no `iss`, forgets a code whose verifier was wrong, reports
// errors as `application/problem+json`, and grants `dummy` where a token request names no scope.

import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('ES256');
await server.start(Number(process.argv[2] ?? 0), '127.0.0.1');
console.log(`ready http://127.0.0.1:${server.address().port}`);

process.stdin.resume();
process.stdin.on('close', () => process.exit(0));
