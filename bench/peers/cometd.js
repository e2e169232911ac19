"use strict";
// cometd-nodejs-server on 127.0.0.1, long-polling only: node cometd.js PORT

const http = require("node:http");
const { createCometDServer } = require("cometd-nodejs-server");

const server = http.createServer(createCometDServer({ timeout: 30000, maxInterval: 600000 }).handle);
server.listen(Number(process.argv[2]), "127.0.0.1");
