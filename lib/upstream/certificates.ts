import { X509Certificate } from 'node:crypto';
import { secretLines } from '../secret-text.ts';

const block = /-----BEGIN (TRUSTED |X509 |)CERTIFICATE-----[^-]+-----END \1CERTIFICATE-----/g;

/**
 * The certificates in a text, each as PEM. One by one, because OpenSSL, which is given them, takes nothing of a text that
 * follows on a block which it cannot read.
 */
export const certificatesIn = (text: string): string[] => text.match(block) ?? [];

/** Certificates as PEM, one or several. What is none would be passed over, and nothing trusted in its place. */
export const certificates = secretLines.refine((text) => {
  const blocks = certificatesIn(text);
  const begun = text.split(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/).length - 1;
  return blocks.length > 0 && blocks.length === begun && blocks.every(isCertificate);
}, 'is not a certificate as PEM');

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
