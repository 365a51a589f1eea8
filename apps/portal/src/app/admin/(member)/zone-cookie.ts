/** Name of the cookie in which the browser tells the server its time zone. */
export const ZONE_COOKIE = 'signet-zone';
