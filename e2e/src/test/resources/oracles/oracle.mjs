// Asks vendors' libraries. A line of JSON in is one question about many cases, a line out the answers:
//   {"oracle": "stripe", "op": "verify", "cases": [{secret, headers, body, url, seconds, id}, ...]}
//   {"answers": [true, false, ...]}, and for "sign": {"answers": [{"Stripe-Signature": "t=..."}, ...]}
// Bodies are base64; the clock stands at the seconds of each case, as some libraries read it.
import "@shopify/shopify-api/adapters/node";

import crypto from "node:crypto";
import { createRequire } from "node:module";
import readline from "node:readline";

import { LogSeverity, shopifyApi } from "@shopify/shopify-api";
import * as github from "@octokit/webhooks-methods";
import { LinearWebhookClient } from "@linear/sdk/webhooks";
import { Paddle } from "@paddle/paddle-node-sdk";
import { validateSignature } from "@line/bot-sdk";
import nacl from "tweetnacl";
import { Webhook as StandardWebhook } from "standardwebhooks";
import Stripe from "stripe";
import { Webhook as SvixWebhook } from "svix";

const require = createRequire(import.meta.url);
const { hmacValidator: AdyenValidator } = require("@adyen/api-library");
const { Signature: HubspotSignature } = require("@hubspot/api-client");
const { EventWebhook } = require("@sendgrid/eventwebhook");
const { verifySlackRequest } = require("@slack/bolt/dist/receivers/verify-request");
const { verifyKey } = require("discord-interactions");
const { WebhooksHelper } = require("square");

const SystemDate = Date;
let now = 0;
globalThis.Date = class extends SystemDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now] : parts));
  }

  static now() {
    return now;
  }
};

const stripe = new Stripe("sk_test_unused");
const hmac = (secret, ...parts) => {
  const mac = crypto.createHmac("sha256", secret);
  parts.forEach((part) => mac.update(part));
  return mac;
};
const base64 = (text) => Buffer.from(text, "base64");

function shopify(secret) {
  return shopifyApi({
    apiKey: "unused",
    apiSecretKey: secret,
    hostName: "shop.example.com",
    apiVersion: "2025-01",
    isEmbeddedApp: false,
    logger: { level: LogSeverity.Error, log: () => {} },
  });
}

/** A library that throws for what does not verify. */
function accepts(verify) {
  verify();
  return true;
}

/** The bundled library parses once the signature is right; a body that is no JSON got that far. */
function svixAccepts(verify) {
  try {
    return accepts(verify);
  } catch (e) {
    if (e instanceof SyntaxError) return true;
    throw e;
  }
}

// verify: true or false, or an exception for false. sign: headers by the library, or where it has no
// signer by node:crypto as the vendor documents it. text is the body decoded, raw its bytes.
const oracles = {
  "standard-webhooks": {
    verify: ({ secret, headers, text }) =>
      accepts(() => new StandardWebhook(secret).verify(text, headers, { jsonParse: false })),
    sign: ({ secret, id, seconds, text }) => ({
      "webhook-id": id,
      "webhook-timestamp": `${seconds}`,
      "webhook-signature": new StandardWebhook(secret).sign(id, new SystemDate(now), text),
    }),
  },
  "standard-webhooks-ed25519": {
    verify: ({ publicKey, headers, raw }) =>
      headers["webhook-signature"].split(" ").some((item) =>
        nacl.sign.detached.verify(
          signedV1a(headers["webhook-id"], headers["webhook-timestamp"], raw),
          base64(item.replace(/^v1a,/, "")),
          base64(publicKey.replace(/^whpk_/, "")),
        ),
      ),
    sign: ({ secret, id, seconds, raw }) => ({
      "webhook-id": id,
      "webhook-timestamp": `${seconds}`,
      "webhook-signature": `v1a,${Buffer.from(
        nacl.sign.detached(signedV1a(id, seconds, raw), base64(secret.replace(/^whsk_/, ""))),
      ).toString("base64")}`,
    }),
  },
  svix: {
    verify: ({ secret, headers, text }) =>
      svixAccepts(() => new SvixWebhook(secret).verify(text, headers)),
    sign: ({ secret, id, seconds, text }) => ({
      "svix-id": id,
      "svix-timestamp": `${seconds}`,
      "svix-signature": new SvixWebhook(secret).sign(id, new SystemDate(now), text),
    }),
  },
  stripe: {
    verify: ({ secret, headers, text }) =>
      stripe.webhooks.signature.verifyHeader(text, headers["Stripe-Signature"], secret, 300),
    sign: ({ secret, seconds, text }) => ({
      "Stripe-Signature": stripe.webhooks.generateTestHeaderString({
        payload: text,
        secret,
        timestamp: seconds,
      }),
    }),
  },
  github: {
    verify: ({ secret, headers, text }) =>
      github.verify(secret, text, headers["X-Hub-Signature-256"]),
    sign: async ({ secret, id, text }) => ({
      "X-GitHub-Delivery": id,
      "X-Hub-Signature-256": await github.sign(secret, text),
    }),
  },
  shopify: {
    verify: async ({ secret, headers, text }) => {
      const sent = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      const rawRequest = {
        method: "POST",
        url: "/",
        headers: {
          ...Object.fromEntries(sent),
          "x-shopify-topic": "orders/create",
          "x-shopify-shop-domain": "shop.myshopify.com",
          "x-shopify-api-version": "2025-01",
        },
      };
      const verdict = await shopify(secret).webhooks.validate({
        rawBody: text,
        rawRequest,
        rawResponse: {},
      });
      return verdict.valid;
    },
  },
  slack: {
    verify: ({ secret, headers, text }) =>
      accepts(() =>
        verifySlackRequest({
          signingSecret: secret,
          body: text,
          headers: {
            "x-slack-signature": headers["X-Slack-Signature"],
            "x-slack-request-timestamp": Number(headers["X-Slack-Request-Timestamp"]),
          },
          nowMilliseconds: now,
        }),
      ),
  },
  sendgrid: {
    verify: ({ publicKey, headers, text }) => {
      const webhook = new EventWebhook();
      return webhook.verifySignature(
        webhook.convertPublicKeyToECDSA(publicKey),
        text,
        headers["X-Twilio-Email-Event-Webhook-Signature"],
        headers["X-Twilio-Email-Event-Webhook-Timestamp"],
      );
    },
    sign: ({ secret, seconds, raw }) => ({
      "X-Twilio-Email-Event-Webhook-Timestamp": `${seconds}`,
      "X-Twilio-Email-Event-Webhook-Signature": crypto
        .sign("sha256", Buffer.concat([Buffer.from(`${seconds}`), raw]), pkcs8(secret))
        .toString("base64"),
    }),
  },
  "line.posthorn.dev": {
    verify: ({ secret, headers, raw }) =>
      validateSignature(raw, secret, headers["x-line-signature"]),
  },
  "paddle.posthorn.dev": {
    verify: ({ secret, headers, text }) =>
      new Paddle("unused").webhooks.isSignatureValid(text, secret, headers["Paddle-Signature"]),
  },
  "linear.posthorn.dev": {
    verify: ({ secret, headers, raw }) =>
      new LinearWebhookClient(secret).verify(raw, headers["Linear-Signature"]),
  },
  "adyen-platform.posthorn.dev": {
    verify: ({ secret, headers, text }) =>
      new AdyenValidator().validateHMACSignature(secret, headers.hmacsignature, text),
    sign: ({ secret, text }) => ({
      hmacsignature: new AdyenValidator().calculateHmac(text, secret),
      protocol: "HmacSHA256",
    }),
  },
  "gitlab.posthorn.dev": {
    verify: (each) => oracles["standard-webhooks"].verify(each),
    sign: (each) => oracles["standard-webhooks"].sign(each),
  },
  "discord.posthorn.dev": {
    verify: ({ publicKey, headers, raw }) =>
      verifyKey(raw, headers["X-Signature-Ed25519"], headers["X-Signature-Timestamp"], publicKey),
    sign: ({ secret, seconds, raw }) => ({
      "X-Signature-Timestamp": `${seconds}`,
      "X-Signature-Ed25519": crypto
        .sign(null, Buffer.concat([Buffer.from(`${seconds}`), raw]), pkcs8(secret))
        .toString("hex"),
    }),
  },
  "hubspot-v3.posthorn.dev": {
    verify: ({ secret, headers, text, url }) =>
      HubspotSignature.isValid({
        signatureVersion: "v3",
        method: "POST",
        clientSecret: secret,
        requestBody: text,
        url,
        timestamp: Number(headers["X-HubSpot-Request-Timestamp"]),
        signature: headers["X-HubSpot-Signature-v3"],
      }),
    sign: ({ secret, text, url }) => ({
      "X-HubSpot-Request-Timestamp": `${now}`,
      "X-HubSpot-Signature-v3": HubspotSignature.getSignature("POST", "v3", {
        clientSecret: secret,
        requestBody: text,
        url,
        timestamp: now,
      }),
    }),
  },
  "square.posthorn.dev": {
    verify: ({ secret, headers, text, url }) =>
      WebhooksHelper.verifySignature({
        requestBody: text,
        signatureHeader: headers["x-square-hmacsha256-signature"],
        signatureKey: secret,
        notificationUrl: url,
      }),
    sign: ({ secret, raw, url }) => ({
      "x-square-hmacsha256-signature": hmac(secret, url, raw).digest("base64"),
    }),
  },
};

function signedV1a(id, seconds, raw) {
  return Buffer.concat([Buffer.from(`${id}.${seconds}.`), raw]);
}

function pkcs8(secret) {
  return { key: base64(secret), format: "der", type: "pkcs8" };
}

async function answer(call, each) {
  now = each.seconds * 1000;
  const raw = base64(each.body);
  return call({ ...each, raw, text: raw.toString("utf8") });
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { oracle, op, cases } = JSON.parse(line);
  const answers = [];
  for (const each of cases) {
    try {
      answers.push(await answer(oracles[oracle][op], each));
    } catch (e) {
      answers.push(op === "verify" ? false : { error: `${e.stack}` });
    }
  }
  process.stdout.write(`${JSON.stringify({ answers })}\n`);
}
