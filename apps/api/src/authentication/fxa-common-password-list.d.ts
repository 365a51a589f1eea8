/** 50,000 passwords of eight characters and more that many people have, in lower and upper case as they were found. */
declare module 'fxa-common-password-list' {
  const list: { test(password: string): boolean };
  export default list;
}
