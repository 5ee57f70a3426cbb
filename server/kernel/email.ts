/** The one form in which e-mail addresses are compared: the same address in another case is the same person. */
export const normalEmail = (address: string): string =>
  address.trim().normalize('NFC').toLowerCase();
