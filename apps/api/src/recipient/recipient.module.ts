import { Module } from '@nestjs/common';
import { ContentAlarm } from './content-alarm.ts';
import { ContentService } from './content.service.ts';
import { LinkService } from './link.service.ts';
import { PasscodeService } from './passcode.service.ts';
import { RecipientController } from './recipient.controller.ts';
import { RecipientReaderService } from './recipient-reader.service.ts';
import { StreamsInFlight } from './streams-in-flight.ts';

@Module({
  controllers: [RecipientController],
  providers: [ContentAlarm, ContentService, LinkService, PasscodeService, RecipientReaderService, StreamsInFlight],
})
export class RecipientModule {}
