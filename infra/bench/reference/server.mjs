// What Signet's api is held against: the same framework in the same Node, with its defaults and nothing to do.
//
// Arguments: the file to stream, which is JSON for who asks it as the api about a link. Writes its port to standard output. Plain JavaScript: Node runs no decorators.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { Controller, Get, StreamableFile } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const [file] = process.argv.slice(2);
/** 20,000 characters in all, as JSON. */
const answer = { text: 'x'.repeat(20_000 - '{"text":""}'.length) };

class ReferenceController {
  fixed() {
    return answer;
  }

  file() {
    return new StreamableFile(createReadStream(file), { type: 'application/octet-stream', length: statSync(file).size });
  }

  /** As the api answers, read once. */
  link() {
    this.known ??= JSON.parse(readFileSync(file, 'utf8'));
    return this.known;
  }
}
for (const [name, path] of [
  ['fixed', 'fixed'],
  ['file', 'file'],
  ['link', 'v1/links/:token'],
]) {
  Get(path)(ReferenceController.prototype, name, Object.getOwnPropertyDescriptor(ReferenceController.prototype, name));
}
Controller()(ReferenceController);

const app = await NestFactory.create({ module: ReferenceController, controllers: [ReferenceController] }, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
console.log(app.getHttpServer().address().port);
