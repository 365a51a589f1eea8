-- Branding templates that administrators make and change: who made each revision, logos, and names that are unique however they are written.

ALTER TABLE "branding_template_revision" ADD COLUMN "created_by" JSONB;
CREATE INDEX "branding_template_revision_organization_id_name_created_at_idx"
  ON "branding_template_revision"("organization_id", "name", "created_at");

-- What Prisma cannot say: `Acme` and `ACME` are one name.
CREATE UNIQUE INDEX "branding_template_folded_name_key" ON "branding_template"("organization_id", lower("name"));

CREATE TABLE "branding_image" (
  "organization_id" UUID NOT NULL,
  "sha256" TEXT NOT NULL,
  "content_type" TEXT NOT NULL,
  "original" BYTEA NOT NULL,
  "shown" BYTEA NOT NULL,
  "shown_width" INTEGER NOT NULL,
  "shown_height" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "branding_image_pkey" PRIMARY KEY ("organization_id", "sha256")
);

-- Pictures are compressed already; read as a whole, they are left as they are.
ALTER TABLE "branding_image" ALTER COLUMN "original" SET STORAGE EXTERNAL;
ALTER TABLE "branding_image" ALTER COLUMN "shown" SET STORAGE EXTERNAL;

SELECT "protect_tenant_table"('branding_image');
