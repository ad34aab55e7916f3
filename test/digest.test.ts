import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorization, parseChallenge } from '../lib/upstream/digest.ts';

// The published examples of RFC 7616 (section 3.9.1) and RFC 2617 (section 3.5).
const examples = [
  {
    name: 'RFC 7616, SHA-256',
    header:
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    password: 'Circle of Life',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  },
  {
    name: 'RFC 7616, MD5',
    header:
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    password: 'Circle of Life',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    response: '8ca523f5e9506fed4657c9700eebdbec',
  },
  {
    name: 'RFC 2617',
    header:
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    password: 'Circle Of Life',
    cnonce: '0a4f113b',
    response: '6629fae49393a05397450978507c4ef1',
  },
];

for (const { name, header, password, cnonce, response } of examples)
  test(`answers the example of ${name}`, () => {
    const challenge = parseChallenge(header);
    assert.ok(challenge);
    const request = { method: 'GET', path: '/dir/index.html' };
    const answer = authorization(challenge, 1, request, 'Mufasa', password, cnonce);
    assert.match(answer, new RegExp(`response="${response}"`));
    assert.match(answer, /nc=00000001/);
    assert.match(answer, /qop=auth,/);
  });

test('reads the challenge that Atlas sends', () => {
  const challenge = parseChallenge(
    'Digest realm="MMS Public API", domain="", nonce="Nfx+VM/O0sY4tpgy1sHRakvvv0NN4S91", algorithm=MD5, qop="auth", stale=false',
  );
  assert.deepEqual(challenge, {
    realm: 'MMS Public API',
    nonce: 'Nfx+VM/O0sY4tpgy1sHRakvvv0NN4S91',
    algorithm: 'MD5',
    opaque: undefined,
    qop: 'auth',
  });
});

test('picks the challenge that it can answer among several', () => {
  const header = [
    'Basic realm="a"',
    'Digest realm="b", nonce="n", algorithm=WHIRLPOOL, Digest realm="c", nonce="m"',
  ];
  assert.equal(parseChallenge(header)?.realm, 'c');
  assert.equal(parseChallenge('Basic realm="a"'), undefined);
  assert.equal(parseChallenge('Digest realm="a", nonce="n", qop="auth-int"'), undefined);
  assert.equal(parseChallenge(undefined), undefined);
});

test('answers a server without qop as RFC 2069 has it, with no nonce count', () => {
  const challenge = parseChallenge('Digest realm="r", nonce="n"');
  assert.ok(challenge);
  const answer = authorization(challenge, 1, { method: 'GET', path: '/' }, 'u', 'p');
  assert.doesNotMatch(answer, /nc=|cnonce=|qop=/);
});
