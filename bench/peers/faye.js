"use strict";
// Faye with its memory engine on 127.0.0.1: node faye.js PORT

const http = require("node:http");
const faye = require("faye");

const server = http.createServer();
new faye.NodeAdapter({ mount: "/bayeux", timeout: 30 }).attach(server);
server.listen(Number(process.argv[2]), "127.0.0.1");
