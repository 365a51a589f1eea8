-- Where no entries are sent, the operations name one that does not exist: a version that does not know "entries" takes none for all of them.
UPDATE "webhook" SET "operations" = '{None}' WHERE NOT "entries";
